// A partner whose id does not start like the demo's; who is found here is somebody's own.
// mode: read
// params: prefix STRING
// rows: maybe
// returns: id STRING
MATCH (p:Partner)
WHERE p.id < $prefix OR p.id >= $prefix + 'a'
RETURN p.id AS id
LIMIT 1
