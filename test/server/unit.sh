# shellcheck shell=bash
# Sourced by scripts/test-server.sh: the units are well-formed and confined, and a second install changes nothing.
: "${work:?}"
claim "systemd accepts the units" on one 'systemd-analyze verify /etc/systemd/system/pdf-tools*'
for unit in pdf-tools pdf-tools-limits pdf-tools-firewall pdf-tools-backup; do
  claim "$unit is confined" on one "systemd-analyze security --threshold=25 $unit.service | tail -n 1"
done
claim "no unit has failed" [ -z "$(on one 'systemctl --failed --no-legend --plain')" ]
claim "secrets are for the group alone" [ "$(on one "stat -c '%a %U %G' /etc/pdf-tools/secrets/admin_key")" = "440 root pdf-tools" ]
ran=$(on one 'docker compose ps --quiet | sort')
secrets=$(on one 'cat /etc/pdf-tools/secrets/* | sha256sum')
claim "a second install succeeds" on one 'scripts/install-server.sh'
claim "and changes neither containers nor secrets" [ "$ran$secrets" = "$(on one 'docker compose ps --quiet | sort')$(on one 'cat /etc/pdf-tools/secrets/* | sha256sum')" ]

# A release whose api dies: what was replaced before it comes back, the link too.
refuses_sick_release() {
  local ran
  ran=$(on one 'cat VERSION')
  # shellcheck disable=SC2016 # for the shell there
  on one 'rm -rf /var/tmp/sick && cp -rL . /var/tmp/sick && cd /var/tmp/sick && rm .env SHA256SUMS && echo sick >VERSION && mkdir images && : >images/list &&
    sed -i "s/^  api: .*/  api: { command: [node, --eval, process.exit(1)], build: !reset null }/" compose/release.yml &&
    sums=$(find . -type f -print0 | xargs -0 sha256sum) && echo "$sums" >SHA256SUMS'
  # shellcheck disable=SC2016 # eval puts it in
  claim "an update that does not become healthy fails" eval '! on one "HEALTH_SECONDS=20 /var/tmp/sick/scripts/update.sh" >"$work/sick.log" 2>&1'
  claim "for that reason" grep -q "sick did not become healthy" "$work/sick.log"
  claim "the release before runs" [ "$(on one 'cat VERSION')" = "$ran" ]
}
