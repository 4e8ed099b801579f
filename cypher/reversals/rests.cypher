// What each part of a fund of a closed run (`frozen`) changes of what it leaves to another pool, once the parts of its shares stand and
// before limits cut these: the rest is as the closed run left it and runs before (`earlier`) changed it, and of each order what it
// takes of the fund that it does not take of the shares. A fund of 0 or less shares nothing and leaves nothing.
// mode: write
// params: run_id STRING, frozen STRING, bonus STRING, fund STRING, earlier LIST<STRING>
// rows: one
// returns: parts INTEGER
// allows: CartesianProduct - one fund beside one sum and beside its parts
MATCH (f:Fund {run_id: $frozen, bonus: $bonus})
CALL () {
  UNWIND $earlier AS run_id
  MATCH (e:Adjustment {run_id: run_id}) WHERE e.frozen = $frozen AND e.bonus = $fund
  RETURN coalesce(sum(e.rest_minor), 0) AS changed
}
CALL () {
  MATCH (a:Adjustment {run_id: $run_id}) WHERE a.frozen = $frozen AND a.bonus IN [$bonus, $fund]
  WITH a.counted_at AS counted_at, a.name AS name, head(collect(CASE a.bonus WHEN $fund THEN a END)) AS part,
    sum(CASE a.bonus WHEN $fund THEN 1 ELSE -1 END * (a.after_minor - a.before_minor)) AS delta
  ORDER BY counted_at, name
  RETURN collect(part) AS parts, collect(delta) AS deltas
}
WITH parts, deltas, CASE WHEN parts[0].before_minor <= 0 THEN parts[0].before_minor
  ELSE changed + CASE WHEN f.rest_minor > 0 THEN f.rest_minor ELSE 0 END END AS rest
WITH parts, [x IN reduce(run = [rest], delta IN deltas | run + (run[-1] + delta)) | CASE WHEN x > 0 THEN x ELSE 0 END] AS rests
UNWIND range(0, size(parts) - 1) AS i
WITH parts[i] AS part, rests[i] AS before, rests[i + 1] AS after
SET part.rest_minor = after - before
RETURN count(*) AS parts
