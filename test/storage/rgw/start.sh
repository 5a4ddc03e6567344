#!/bin/sh
# Starts the S3 server of this image on port 7480, with the access key AK and the secret key SK.
set -e
mkdir -p /etc/ceph /var/lib/ceph/mon /var/lib/ceph/osd/ceph-0 /var/lib/ceph/rgw /run/ceph
cat >/etc/ceph/ceph.conf <<CONF
[global]
fsid = 11111111-1111-1111-1111-111111111111
mon host = v1:127.0.0.1:6789
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
osd objectstore = memstore
memstore device bytes = 3221225472
rgw gc obj min wait = 0
rgw gc processor period = 10
rgw dynamic resharding = false
log to stderr = true
err to stderr = true
debug ms = 0
[mon.a]
mon addr = 127.0.0.1:6789
CONF
monmaptool --create --add a 127.0.0.1:6789 --fsid 11111111-1111-1111-1111-111111111111 /tmp/monmap
ceph-mon --mkfs -i a --monmap /tmp/monmap --mon-data /var/lib/ceph/mon/a
ceph-mon -i a --mon-data /var/lib/ceph/mon/a --public-addr 127.0.0.1:6789
timeout 60 ceph -s
osd=22222222-2222-2222-2222-222222222222
timeout 60 ceph osd new $osd
ceph-osd -i 0 --mkfs --osd-uuid $osd --osd-data /var/lib/ceph/osd/ceph-0
# An OSD that starts before the monitor knows it exits. It is started until it is up.
until timeout 10 ceph osd stat | grep -q '1 up'; do
  ceph-osd -i 0 --osd-data /var/lib/ceph/osd/ceph-0 || true
  sleep 5
done
timeout 60 ceph osd crush add osd.0 1 root=default host=h
timeout 100 radosgw-admin user create --uid=t --display-name=t --access-key=AK --secret=SK >/dev/null
exec radosgw -d -n client.rgw --rgw-frontends "beast port=7480"
