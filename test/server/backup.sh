# shellcheck shell=bash
# Sourced by scripts/test-server.sh: a backup under load, the end of the first server, and the second in its place.
: "${work:?}" "${name:?}" "${second:?}" "${project:?}"
mapfile -t kept < <(traffic jobs 5)
traffic ended "${kept[@]}" >/dev/null
backup() { file=$(on one 'WITH_FILES=1 make -s backup' | tail -n 1); }
unfailing "backup under load" backup
claim "the nightly unit writes one, confined as it is" on one 'touch /run/before && systemctl start pdf-tools-backup.service &&
  find /var/backups/pdf-tools -name "*.gpg" -newer /run/before | grep -q .'
mapfile -t waiting < <(traffic jobs 10)
backup
# shellcheck disable=SC2016 # for the shell there
claim "none of its secrets can be read" on one '! grep -qaF "$(cat /etc/pdf-tools/secrets/admin_key)" '"$file"
claim "it is for root alone" [ "$(on one "stat -c %a $file")" = 600 ]
server run one cat "$file" >"$work/backup.gpg"
server run one cat /etc/pdf-tools/backup-passphrase >"$work/passphrase"
serial=$(on one 'docker compose exec -T nginx openssl x509 -in /etc/nginx/certificates/served/fullchain.pem -noout -serial')
began=$(now)
server stop one

boot two
settings two "$(docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$project-pebble")"
deploy "$second"
server run two sh -c 'cat >/var/tmp/backup.gpg' <"$work/backup.gpg"
server run two sh -c 'cat >/var/tmp/passphrase' <"$work/passphrase"
server run two sh -c 'head -c 1000000 /var/tmp/backup.gpg | sed "s/\x00/\x01/g" >/var/tmp/broken.gpg'
restore() { on two "FILE=$1 PASSPHRASE_FILE=/var/tmp/passphrase make -s restore"; }
claim "a damaged backup is refused, and nothing has changed" eval '! restore /var/tmp/broken.gpg && on two "docker compose ps api | grep -q healthy"'
restoring=$(now)
restore /var/tmp/backup.gpg
traffic healthy
row "restore" "$(since "$restoring") s, $(since "$began") s from the loss of the first server"
claim "the certificate is the first one's" [ "$serial" = "$(on two 'docker compose exec -T nginx openssl x509 -in /etc/nginx/certificates/served/fullchain.pem -noout -serial')" ]
lost=$(traffic ended "${kept[@]}" "${waiting[@]}")
row "jobs in the backup" "$lost of 15 lost"
claim "jobs come over, ended and waiting" [ "$lost" = 0 ]
claim "results come over with the files" [ "$(curl -s --cacert "$work/authority.pem" --resolve "$name:443:$STACK_HOST" "https://$name/api/jobs/${kept[0]}/result" | head -c 5)" = "%PDF-" ]
row "uninstall" "$(on two 'scripts/install-server.sh --uninstall' 2>&1 | head -n 1)"
claim "nothing of it runs any more" [ -z "$(on two 'docker ps --quiet')" ]
