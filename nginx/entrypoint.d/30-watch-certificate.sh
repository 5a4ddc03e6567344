#!/bin/sh
# Looks for what certbot has issued. The new pair is copied to the folder that is not served and takes its place in one
# move, if nginx accepts it: a broken pair changes nothing, also where nginx starts anew.
set -eu
metrics=/tmp/metrics
umask 077
mkdir -p $metrics
# Without TLS there is nothing to tell, which Prometheus has to be told too.
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
    echo "30-watch-certificate.sh: nginx refuses what certbot issued (expired, broken, or half written); the old one stays" >&2
  fi
}

# For Prometheus, on the operators' listener.
tell() {
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
    tell
  done
}

seen=
tell
watch &
