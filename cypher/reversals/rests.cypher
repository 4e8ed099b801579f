// What the part of a fund of a closed run (`frozen`) changes of what it leaves to another pool, once the parts of its shares stand and
// before limits cut these: the rest is as the closed run left it and runs before (`earlier`) changed it, and what is taken of the
// fund and not of the shares. A fund of 0 or less shares nothing and leaves nothing.
// mode: write
// params: run_id STRING, frozen STRING, bonus STRING, fund STRING, earlier LIST<STRING>
// rows: one
// returns: parts INTEGER
// allows: CartesianProduct - one fund beside one sum and beside its part
MATCH (f:Fund {run_id: $frozen, bonus: $bonus})
CALL () {
  UNWIND $earlier AS run_id
  MATCH (e:Adjustment {run_id: run_id}) WHERE e.frozen = $frozen AND e.bonus = $fund
  RETURN coalesce(sum(e.rest_minor), 0) AS changed
}
CALL () {
  MATCH (a:Adjustment {run_id: $run_id}) WHERE a.frozen = $frozen AND a.bonus IN [$bonus, $fund]
  RETURN head(collect(CASE a.bonus WHEN $fund THEN a END)) AS part,
    sum(CASE a.bonus WHEN $fund THEN 1 ELSE -1 END * (a.after_minor - a.before_minor)) AS delta
}
WITH part, delta, CASE WHEN part.before_minor <= 0 THEN part.before_minor
  ELSE changed + CASE WHEN f.rest_minor > 0 THEN f.rest_minor ELSE 0 END END AS rest
WITH part, [x IN [rest, rest + delta] | CASE WHEN x > 0 THEN x ELSE 0 END] AS rests
SET part.rest_minor = rests[1] - rests[0]
RETURN count(*) AS parts
