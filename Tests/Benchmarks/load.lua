-- The requests of one wrk run, and its result as one line of JSON. What is sent comes from the environment:
--   TARGET   the path and query            TOKEN   the bearer token, if any
--   DEPTH    requests sent at once (1)     ETAG    the If-None-Match, if any
--   BODY     a file to POST; each "@@" in it becomes a text that no other request of any run has, which is the
--            Idempotency-Key too           RUN     what tells this run from others in that text
local threads, sent = 0, 0
local run = tonumber(os.getenv("RUN"))
local pieces, repeated

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init()
  local fields = {}
  if os.getenv("TOKEN") then fields["Authorization"] = "Bearer " .. os.getenv("TOKEN") end
  if os.getenv("ETAG") then fields["If-None-Match"] = os.getenv("ETAG") end
  if not os.getenv("BODY") then
    repeated = string.rep(wrk.format("GET", os.getenv("TARGET"), fields), tonumber(os.getenv("DEPTH") or "1"))
    return
  end
  fields["Content-Type"] = "application/json"
  fields["Idempotency-Key"] = "@@"
  local file = assert(io.open(os.getenv("BODY"), "rb"))
  -- As long as the mark as it is written in the end, so that Content-Length is right.
  local mark = string.rep("#", 24)
  local text = wrk.format("POST", os.getenv("TARGET"), fields, (file:read("*a"):gsub("@@", mark)))
  file:close()
  pieces = {}
  for piece in (text:gsub("@@", mark) .. mark):gmatch("(.-)" .. mark) do pieces[#pieces + 1] = piece end
end

function request()
  if repeated then return repeated end
  sent = sent + 1
  return table.concat(pieces, string.format("%08d-%02d-%012d", run, number, sent))
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"seconds":%.6f,"p50":%.3f,"p99":%.3f,"max":%.3f,"errors":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    latency.max / 1e3, errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
