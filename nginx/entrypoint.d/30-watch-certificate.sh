#!/bin/sh
# Checks whether certbot has issued a certificate. Copies the new pair to the folder that is not served, and switches the link if
# nginx accepts the pair. A broken pair changes nothing, even after a restart.
set -eu
metrics=/tmp/metrics
umask 077
mkdir -p $metrics
# Without TLS the metrics are empty, because Prometheus needs a response.
[ "$TLS" = on ] || { : >$metrics/certificate && exit 0; }
folder=/etc/nginx/certificates
issued=$folder/certbot/config/live/pdf-tools
cd "$folder"

serve() { ln -sfn "$1" next && mv -T next served; }
issued_sum() { cat "$issued/fullchain.pem" "$issued/privkey.pem" 2>/dev/null | cksum; }
served_sum() { cat served/fullchain.pem served/privkey.pem | cksum; }

adopt() {
  old=$(readlink served)
  case "$old" in pair-a) new=pair-b ;; *) new=pair-a ;; esac
  mkdir -p $new
  cp "$issued/fullchain.pem" "$issued/privkey.pem" $new/ || return 0
  serve $new
  if openssl x509 -in served/fullchain.pem -noout -checkend 0 >/dev/null 2>&1 && nginx -t -q 2>/dev/null; then
    [ ! -s /tmp/nginx.pid ] || nginx -s reload
    echo "30-watch-certificate.sh: serving $(openssl x509 -in served/fullchain.pem -noout -serial -enddate | tr '\n' ' ')" >&2
  else
    serve "$old"
    echo "30-watch-certificate.sh: nginx refuses the new certificate (expired, broken or incomplete) and keeps the old one" >&2
  fi
}

# Writes the metrics that Prometheus reads from the admin listener.
write_metrics() {
  end=$(openssl x509 -in served/fullchain.pem -noout -enddate)
  cat >$metrics/new <<METRICS
# HELP pdf_tools_certificate_expiry_timestamp_seconds When the certificate that nginx serves expires.
# TYPE pdf_tools_certificate_expiry_timestamp_seconds gauge
pdf_tools_certificate_expiry_timestamp_seconds $(date -d "${end#*=}" +%s)
# HELP pdf_tools_certificate_checked_timestamp_seconds When nginx's container last looked for a new one.
# TYPE pdf_tools_certificate_checked_timestamp_seconds gauge
pdf_tools_certificate_checked_timestamp_seconds $(date +%s)
METRICS
  mv $metrics/new $metrics/certificate
}

watch() {
  while sleep "$CERTIFICATE_POLL_SECONDS"; do
    sum=$(issued_sum)
    if [ "$sum" != "$seen" ] && [ -s "$issued/privkey.pem" ]; then
      seen=$sum
      [ "$sum" = "$(served_sum)" ] || adopt
    fi
    write_metrics
  done
}

seen=
write_metrics
watch &
