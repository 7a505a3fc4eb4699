-- The requests of one wrk run, and its result as one line of JSON. What is sent comes from the environment:
--   TARGET   the path and query            TOKEN   the bearer token, if any
--   DEPTH    requests sent at once (1)     ETAG    the If-None-Match, if any
--   BODY     a file to POST; each "@@" in it becomes a text that no other request of any run has, which is the
--            Idempotency-Key too; "@name@" and "@day@" become a family name and a birth date, so that requests are
--            about different people        RUN     what tells this run from others in that text
local threads, sent = 0, 0
local run = tonumber(os.getenv("RUN"))
local pieces, kinds, repeated

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
  -- As long as the marks as they are written in the end, so that Content-Length is right.
  local marks = {["@@"] = string.rep("#", 24), ["@name@"] = string.rep("<", 12), ["@day@"] = string.rep(">", 10)}
  local body = file:read("*a")
  file:close()
  for mark, place in pairs(marks) do body = body:gsub(mark, place) end
  local text = wrk.format("POST", os.getenv("TARGET"), fields, body):gsub("@@", marks["@@"])
  pieces, kinds = {}, {}
  local from = 1
  for at, place, to in text:gmatch("()([#<>]+)()") do
    if place == marks["@@"] or place == marks["@name@"] or place == marks["@day@"] then
      pieces[#pieces + 1], kinds[#kinds + 1] = text:sub(from, at - 1), place:sub(1, 1)
      from = to
    end
  end
  pieces[#pieces + 1] = text:sub(from)
end

-- Twelve letters that could be a name, of four syllables out of 64.
local function name(number)
  local letters = {}
  for place = 1, 4 do
    local first, rest = 2 * (number % 8) + 1, 2 * (math.floor(number / 8) % 8) + 1
    letters[place] = ("b d h k m v w z "):sub(first, first) .. ("amelimokuranaris"):sub(rest, rest + 1)
    number = math.floor(number / 64)
  end
  local text = table.concat(letters)
  return text:sub(1, 1):upper() .. text:sub(2)
end

function request()
  if repeated then return repeated end
  sent = sent + 1
  -- Spread by a multiplier that has no divisor in common with the number of names or of days.
  local who = (run * 100000000 + number * 10000000 + sent) * 7919
  local values = {
    ["#"] = string.format("%08d-%02d-%012d", run, number, sent), ["<"] = name(who),
    [">"] = string.format("%04d-%02d-%02d", 1945 + who % 60, 1 + who % 12, 1 + who % 28),
  }
  local written = {}
  for place, kind in ipairs(kinds) do
    written[#written + 1], written[#written + 2] = pieces[place], values[kind]
  end
  written[#written + 1] = pieces[#pieces]
  return table.concat(written)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"seconds":%.6f,"p50":%.3f,"p99":%.3f,"max":%.3f,"errors":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    latency.max / 1e3, errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
