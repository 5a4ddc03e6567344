# shellcheck shell=bash
# Sourced by scripts/test-server.sh: from this machine, which is outside to the server.
: "${address:?}" "${name:?}"
connects() { timeout 3 bash -c "exec 3<>/dev/tcp/$address/$1" 2>/dev/null; }
refuses() { ! connects "$1"; }
on one 'docker run --detach --name stray --publish 8099:6379 redis:8.0 >/dev/null'
sleep 2
claim "ports 80 and 443 are open" eval 'connects 80 && connects 443'
claim "another published port is closed" refuses 8099
on one 'systemctl stop pdf-tools-firewall'
claim "and it is our chain that closes it: UFW alone does not" connects 8099
on one 'docker rm -f stray >/dev/null; systemctl start pdf-tools-firewall'

# The clients here have private addresses, which no jail takes by default, and no limits.
on one 'printf "[pdf-tools]\nignoreip = 127.0.0.1\nmaxretry = 20\nbantime = 10\n" >/etc/fail2ban/jail.d/zz-test.conf && systemctl restart fail2ban'
limits() { on one "sed -i '0,/RATE_LIMIT: .o[nf]*./s//RATE_LIMIT: \"$1\"/' /etc/pdf-tools/test.yml && docker compose up --detach --wait --no-deps nginx >/dev/null 2>&1"; }
limits on
flood() { seq 60 | xargs -P 12 -I{} curl -sk -o /dev/null --max-time 2 --resolve "$name:443:$address" "https://$name/version" || true; }
# The unit that reads nginx's log begins anew some seconds after nginx did.
banned() { for _ in $(seq 20); do if refuses 443; then return; fi; flood; sleep 1; done; return 1; }
claim "who floods is not let in any more" banned
sleep 12
claim "for a while" connects 443
on one 'rm /etc/fail2ban/jail.d/zz-test.conf; systemctl restart fail2ban'
limits off
