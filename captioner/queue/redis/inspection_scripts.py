"""What an operator's view takes from Redis; see `scripts` for how these are written.

Photos stay on the server: of an entry only the id and the adapter in its body are taken.
"""

from __future__ import annotations

# KEYS dead, lanes…; ARGV group → held, ms since the oldest came (-1: there is none), dead letters,
# then each lane's number of jobs
OVERVIEW = """#!lua flags=no-writes
local held, oldest, lengths = 0, -1, {}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for lane = 2, #KEYS do
  local number = redis.call('XLEN', KEYS[lane])
  lengths[#lengths + 1] = number
  if number > 0 then
    local first = redis.call('XRANGE', KEYS[lane], '-', '+', 'COUNT', 1)[1][1]
    oldest = math.max(oldest, now - tonumber(string.match(first, '^%d+')), 0)
    local pending = redis.pcall('XPENDING', KEYS[lane], ARGV[1])
    if not pending.err then held = held + pending[1] end
  end
end
return {held, oldest, redis.call('XLEN', KEYS[1]), lengths}
"""

# KEYS lanes…; ARGV group, how many of a lane
# → {lane, worker, ms since it came, ms since its worker's last sign, deliveries, job, adapter}…
HELD = """#!lua flags=no-writes
local time, found = redis.call('TIME'), {}
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for lane, jobs in ipairs(KEYS) do
  local pending = redis.pcall('XPENDING', jobs, ARGV[1], '-', '+', ARGV[2])
  for _, one in ipairs(pending.err and {} or pending) do
    local entry = redis.call('XRANGE', jobs, one[1], one[1])[1]
    if entry then
      local job, adapter = '', ''
      for i = 1, #entry[2], 2 do
        if entry[2][i] == 'body' then
          local fine, body = pcall(cjson.decode, entry[2][i + 1])
          if fine and type(body) == 'table' then
            job = type(body.id) == 'string' and body.id or ''
            adapter = type(body.adapter) == 'string' and body.adapter or ''
          end
        end
      end
      local came = tonumber(string.match(one[1], '^%d+'))
      found[#found + 1] = {lane - 1, one[2], math.max(now - came, 0), one[3], one[4], job, adapter}
    end
  end
end
return found
"""

# KEYS workers, heard → {name, ready or loading, model, ms since its last sign (-1: unknown)}…
ROLL = """#!lua flags=no-writes
local time, found = redis.call('TIME'), {}
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('HGETALL', KEYS[1])
for i = 1, #known, 2 do
  local till, state, model = string.match(known[i + 1], '^(%d+) (%a+) (.*)$')
  local at = tonumber(redis.call('HGET', KEYS[2], known[i]) or '')
  local silent = at and math.max(now - at, 0) or -1
  if till and tonumber(till) > now then found[#found + 1] = {known[i], state, model, silent} end
end
return found
"""

# KEYS dead; ARGV how many → the server's time in ms, and {letter, fields}…, the newest first
LETTERS = """#!lua flags=no-writes
local time = redis.call('TIME')
return {time[1] * 1000 + math.floor(time[2] / 1000),
  redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', ARGV[1])}
"""

# KEYS of kept photos… → 1 or 0 for each
KEPT = """#!lua flags=no-writes
local found = {}
for i, kept in ipairs(KEYS) do found[i] = redis.call('EXISTS', kept) end
return found
"""

# KEYS dead; ARGV letter → its fields, {} if there is none
LETTER = """#!lua flags=no-writes
local letter = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]
return letter and letter[2] or {}
"""

# KEYS dead, the kept photo; ARGV letter → how many there were
DROP = """#!lua flags=allow-oom
redis.call('DEL', KEYS[2])
return redis.call('XDEL', KEYS[1], ARGV[1])
"""
