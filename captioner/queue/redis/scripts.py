"""What the queue does in Redis in one step each: Lua scripts, atomic by nature.

The depth of the queue is the length of the jobs' streams, one a lane, and a person's jobs are a
set of their entries ("LANE/ENTRY"): both are changed in the same script as the job itself, so no
crash can part them. A job exists as long as its entry does, so deleting the entry is what decides
who finished it.

`allow-oom` marks what must go on when the server is out of memory: all that makes room there.
Admission has no such flag, and so is refused before it has changed anything.
"""

from __future__ import annotations

# {ready or loading, model, name} of each worker that counts; see ANNOUNCE
_roll_call = """
local function roll_call(workers)
  local time, found = redis.call('TIME'), {}
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local known = redis.call('HGETALL', workers)
  for i = 1, #known, 2 do
    local till, state, model = string.match(known[i + 1], '^(%d+) (%a+) (.*)$')
    if till and tonumber(till) > now then found[#found + 1] = {state, model, known[i]} end
  end
  return found
end
"""

# KEYS workers, seen, person, cache, lanes…
# ARGV depth, per person, dedupe ms (0: none), value for seen, person ms, 1 to look into the cache
# first, then field, value…
# → status, and: the number of jobs ahead, and 1 if nobody is ready but somebody loads | the value
# of seen | what the cache has: field, value…
SUBMIT = f"""#!lua
{_roll_call}
local workers, seen, person, first = KEYS[1], KEYS[2], KEYS[3], 5
if ARGV[6] == '1' then
  local kept = redis.call('HGETALL', KEYS[4])
  if #kept > 0 then return {{'cached', kept}} end
end
local lanes = #KEYS - first + 1
local remember = tonumber(ARGV[3])
if remember > 0 then
  local known = redis.call('GET', seen)
  if known then return {{'known', known}} end
end
local lengths, depth = {{}}, 0
for lane = 1, lanes do
  lengths[lane] = redis.call('XLEN', KEYS[first + lane - 1])
  depth = depth + lengths[lane]
end
if depth >= tonumber(ARGV[1]) then return {{'full', depth}} end
local own = redis.call('SCARD', person)
if own >= tonumber(ARGV[2]) then
  -- entries that somebody removed by hand must not lock a person out
  for _, member in ipairs(redis.call('SMEMBERS', person)) do
    local lane, entry = string.match(member, '^(%d+)/(.+)$')
    local jobs = lane and KEYS[first + lane]
    if not jobs or #redis.call('XRANGE', jobs, entry, entry) == 0 then
      redis.call('SREM', person, member)
    end
  end
  own = redis.call('SCARD', person)
  if own >= tonumber(ARGV[2]) then return {{'busy', depth}} end
end
local number, ahead = math.min(own, lanes - 1), 0
for lane = 0, number do ahead = ahead + lengths[lane + 1] end
local entry = redis.call('XADD', KEYS[first + number], '*', unpack(ARGV, 7))
redis.call('SADD', person, string.format('%d/%s', number, entry))
redis.call('PEXPIRE', person, ARGV[5])
if remember > 0 then redis.call('SET', seen, ARGV[4], 'PX', remember) end
local waking = 0
for _, worker in ipairs(roll_call(workers)) do
  if worker[1] == 'ready' then waking = 0 break end
  waking = 1
end
return {{'accepted', ahead, waking}}
"""

# KEYS seen, replies; ARGV dedupe ms (0: none), value for seen, replies ms (0: for ever), v, body,
# blob → status, and: 0, for none is ahead | the value of seen
ANSWER = """#!lua
local seen, replies = KEYS[1], KEYS[2]
local remember, lives = tonumber(ARGV[1]), tonumber(ARGV[3])
if remember > 0 then
  local known = redis.call('GET', seen)
  if known then return {'known', known} end
  redis.call('SET', seen, ARGV[2], 'PX', remember)
end
redis.call('XADD', replies, '*', 'v', ARGV[4], 'body', ARGV[5], 'blob', ARGV[6])
if lives > 0 then redis.call('PEXPIRE', replies, lives) end
return {'accepted', 0}
"""

# KEYS turns, lanes…
# ARGV group, consumer, max batch, visibility ms, in how many places there is one for whoever
# waits for very long, how many ms that is, wire version this worker reads, consumer whose jobs are
# kept for newer workers → {lane, entry, fields, deliveries, ms it has waited}…
# First what is kept for a worker like this one, and what nobody holds any more. XPENDING and XCLAIM
# are what XAUTOCLAIM does, but also tell how often a job was delivered, which decides whether it
# comes alone. A stream without its group is an error, so all are asked before anything is changed.
TAKE = """#!lua flags=allow-oom
local turns, group, consumer, room = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])
local share, lanes, claims, left, last = tonumber(ARGV[5]), #KEYS - 1, {}, {}, {}
local reads, newer, found = tonumber(ARGV[7]), ARGV[8], {}

local function can_be_read(jobs, id)
  local fields = (redis.call('XRANGE', jobs, id, id)[1] or {})[2] or {}
  for i = 1, #fields, 2 do
    if fields[i] == 'v' then return (tonumber(fields[i + 1]) or 0) <= reads end
  end
  return true
end

for lane = 1, lanes do
  local jobs = KEYS[lane + 1]
  for _, one in ipairs(redis.call('XPENDING', jobs, group, '-', '+', room, newer)) do
    if can_be_read(jobs, one[1]) then
      left[#left + 1] = {lane, one[1], one[4] - 1}
      found[lane .. '/' .. one[1]] = true
    end
  end
  for _, one in ipairs(redis.call('XPENDING', jobs, group, 'IDLE', ARGV[4], '-', '+', room)) do
    if not found[lane .. '/' .. one[1]] then left[#left + 1] = {lane, one[1], one[4]} end
  end
  for _, info in ipairs(redis.call('XINFO', 'GROUPS', jobs)) do
    if info[2] == group then last[lane] = info[8] end
  end
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function waited(entry)
  return math.max(now - tonumber(string.match(entry, '^%d+')), 0)
end

for _, one in ipairs(left) do
  local lane, entry, before = unpack(one)
  if #claims == room or (before > 0 and #claims > 0) then break end
  local claimed = redis.call(
    'XCLAIM', KEYS[lane + 1], group, consumer, 0, entry, 'RETRYCOUNT', before + 1)[1]
  if claimed then
    claims[#claims + 1] = {lane - 1, claimed[1], claimed[2], before + 1, waited(entry)}
    if before > 0 then return claims end
  end
end

local function read(lane, count)
  local answer = redis.call(
    'XREADGROUP', 'GROUP', group, consumer, 'COUNT', count, 'STREAMS', KEYS[lane + 1], '>')
  for _, fresh in ipairs(answer and answer[1][2] or {}) do
    claims[#claims + 1] = {lane - 1, fresh[1], fresh[2], 1, waited(fresh[1])}
    last[lane] = fresh[1]
  end
end

local long_ago = now - tonumber(ARGV[6])
local function overdue()
  local longest, since = nil, long_ago
  for lane = 1, lanes do
    if redis.call('XLEN', KEYS[lane + 1]) > 0 then
      local first = redis.call('XRANGE', KEYS[lane + 1], '(' .. last[lane], '+', 'COUNT', 1)[1]
      local came = first and tonumber(string.match(first[1], '^%d+'))
      if came and came <= since then longest, since = lane, came end
    end
  end
  return longest
end

local old = #claims
local taken = tonumber(redis.call('GET', turns) or 0)
local owed = math.floor((taken + room - old) / share) - math.floor(taken / share)
while owed > 0 do
  local lane = overdue()
  if not lane then break end
  read(lane, 1)
  owed = owed - 1
end
for lane = 1, lanes do
  if #claims < room then read(lane, room - #claims) end
end
if #claims > old then
  redis.call('INCRBY', turns, #claims - old)
  redis.call('EXPIRE', turns, 86400)
end
return claims
"""

# KEYS lanes…; ARGV group, consumer, then lane, entry… → how many are still this consumer's
RENEW = """#!lua flags=allow-oom
local group, consumer, held = ARGV[1], ARGV[2], 0
for i = 3, #ARGV, 2 do
  local jobs, entry = KEYS[ARGV[i] + 1], ARGV[i + 1]
  if #redis.call('XPENDING', jobs, group, entry, entry, 1, consumer) > 0 then
    redis.call('XCLAIM', jobs, group, consumer, 0, entry, 'JUSTID')
    held = held + 1
  end
end
return held
"""

# KEYS lanes…; ARGV group, consumer, then lane, entry…
# TIME 0: idle since 1970, so whoever takes next gets it, and this delivery is not counted. It is no
# longer the consumer's, so that doing it twice counts nothing twice.
RELEASE = """#!lua flags=allow-oom
local group, consumer = ARGV[1], ARGV[2]
for i = 3, #ARGV, 2 do
  local jobs, entry = KEYS[ARGV[i] + 1], ARGV[i + 1]
  local pending = redis.call('XPENDING', jobs, group, entry, entry, 1, consumer)[1]
  if pending then
    redis.call('XCLAIM', jobs, group, '(given back)', 0, entry,
      'TIME', 0, 'RETRYCOUNT', math.max(pending[4] - 1, 0), 'JUSTID')
  end
end
"""

# KEYS the job's lane; ARGV group, consumer, entry, consumer whose jobs are kept for newer workers
# They lie there until a newer worker comes, or for the visibility time; the delivery counts.
KEEP_FOR_NEWER = """#!lua flags=allow-oom
local jobs, group, consumer, entry = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
if #redis.call('XPENDING', jobs, group, entry, entry, 1, consumer) > 0 then
  redis.call('XCLAIM', jobs, group, ARGV[4], 0, entry, 'JUSTID')
end
"""

# KEYS clock, streams…; ARGV group, for how long the clock is remembered, in ms
CLOCK = """#!lua flags=allow-oom
local time, group = redis.call('TIME'), ARGV[1]
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if tonumber(redis.call('GET', KEYS[1]) or 0) > now + 1000 then
  for i = 2, #KEYS do
    local held = redis.pcall('XPENDING', KEYS[i], group, '-', '+', 100000)
    for _, one in ipairs(held.err and {} or held) do
      redis.call('XCLAIM', KEYS[i], group, one[2], 0, one[1], 'IDLE', 0, 'RETRYCOUNT', one[4],
        'JUSTID')
    end
  end
end
redis.call('SET', KEYS[1], string.format('%.0f', now), 'PX', ARGV[2])
"""

# KEYS lanes… → the number of jobs
DEPTH = """#!lua flags=no-writes
local depth = 0
for _, jobs in ipairs(KEYS) do depth = depth + redis.call('XLEN', jobs) end
return depth
"""

# KEYS workers, heard, capabilities
# ARGV consumer, ms for which it counts, ready or loading, model, what it can do ('': not said)
# Each field of the hash begins with the time, in ms, until which it counts.
ANNOUNCE = """#!lua flags=allow-oom
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('HGETALL', KEYS[1])
for i = 1, #known, 2 do
  local till = tonumber(string.match(known[i + 1], '^%d+'))
  if not till or till <= now then
    redis.call('HDEL', KEYS[1], known[i])
    redis.call('HDEL', KEYS[2], known[i])
    redis.call('HDEL', KEYS[3], known[i])
  end
end
local till = string.format('%.0f', now + ARGV[2])
redis.call('HSET', KEYS[1], ARGV[1], till .. ' ' .. ARGV[3] .. ' ' .. ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('HSET', KEYS[2], ARGV[1], string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[2], ARGV[2])
if ARGV[5] ~= '' then
  redis.call('HSET', KEYS[3], ARGV[1], ARGV[5])
  redis.call('PEXPIRE', KEYS[3], ARGV[2])
end
"""

# KEYS workers, heard, capabilities; ARGV consumer
LEAVE = """#!lua flags=allow-oom
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
"""

# KEYS workers, heard, capabilities
# → ms since any was heard of (-1: none said so), {ready or loading, model, what it can do or ''}…
WORKERS = f"""#!lua flags=no-writes
{_roll_call}
local time, latest = redis.call('TIME'), -1
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, at in ipairs(redis.call('HVALS', KEYS[2])) do latest = math.max(latest, tonumber(at)) end
local workers = roll_call(KEYS[1])
for _, worker in ipairs(workers) do worker[3] = redis.call('HGET', KEYS[3], worker[3]) or '' end
return {{latest < 0 and -1 or math.max(now - latest, 0), workers}}
"""

# KEYS the job's lane, person, replies, cache
# ARGV group, entry, its name for its person, replies ms (0: for ever), cache ms (0: not), v, blob,
# how the reply's body begins, how the cached one does, and how both go on
# → 1, or 0 if the job was finished before
FINISH = """#!lua flags=allow-oom
local jobs, person, replies, cache = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local entry, lives, keep = ARGV[2], tonumber(ARGV[4]), tonumber(ARGV[5])
if redis.call('XDEL', jobs, entry) == 0 then return 0 end
redis.call('XACK', jobs, ARGV[1], entry)
redis.call('SREM', person, ARGV[3])
redis.call('XADD', replies, '*', 'v', ARGV[6], 'body', ARGV[8] .. ARGV[10], 'blob', ARGV[7])
if lives > 0 then redis.call('PEXPIRE', replies, lives) end
if keep > 0 then
  redis.call('DEL', cache)
  redis.call('HSET', cache, 'v', ARGV[6], 'body', ARGV[9] .. ARGV[10], 'blob', ARGV[7])
  redis.call('PEXPIRE', cache, keep)
end
return 1
"""

# KEYS the job's lane, person, dead, replies, where the job is kept to be tried again
# ARGV group, entry, its name for its person, max dead, dead ms, error, deliveries, job, adapter,
# replies ms, kept ms (0: it is not), then v, body and blob of the reply if there is one
# → 1, or 0 if the job was gone
BURY = """#!lua flags=allow-oom
local jobs, person, dead, replies = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local entry, lives, keep = ARGV[2], tonumber(ARGV[10]), tonumber(ARGV[11])
local kept = keep > 0 and redis.call('XRANGE', jobs, entry, entry)[1]
if redis.call('XDEL', jobs, entry) == 0 then return 0 end
redis.call('XACK', jobs, ARGV[1], entry)
redis.call('SREM', person, ARGV[3])
redis.call('XADD', dead, 'MAXLEN', '~', ARGV[4], '*', 'entry', ARGV[3],
  'error', ARGV[6], 'deliveries', ARGV[7], 'job', ARGV[8], 'adapter', ARGV[9])
redis.call('PEXPIRE', dead, ARGV[5])
if kept then
  redis.call('HSET', KEYS[5], unpack(kept[2]))
  redis.call('PEXPIRE', KEYS[5], keep)
end
if ARGV[12] then
  redis.call('XADD', replies, '*', 'v', ARGV[12], 'body', ARGV[13], 'blob', ARGV[14])
  if lives > 0 then redis.call('PEXPIRE', replies, lives) end
end
return 1
"""

# KEYS replies; ARGV group, consumer, visibility ms, count, replies ms (0: for ever), where to
# read on in this consumer's own from before its restart ('': not any more)
# → own {entry, fields, deliveries}…, then those of the dead, then new ones; each list by itself
TAKE_REPLIES = """#!lua flags=allow-oom
local replies, group, consumer, room = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[4])
local function read(from, count)
  if count <= 0 then return {} end
  local answer = redis.call(
    'XREADGROUP', 'GROUP', group, consumer, 'COUNT', count, 'STREAMS', replies, from)
  local found = answer and answer[1][2] or {}
  for _, one in ipairs(found) do
    one[2] = one[2] or {}
    local held = redis.call('XPENDING', replies, group, one[1], one[1], 1)[1]
    one[3] = held and held[4] or 1
  end
  return found
end
if tonumber(ARGV[5]) > 0 then redis.call('PEXPIRE', replies, ARGV[5]) end
if ARGV[6] ~= '' then
  local own = read(ARGV[6], room)
  if #own > 0 then return {own, {}, {}} end
end
local left = {}
for _, pending in ipairs(redis.call('XPENDING', replies, group, 'IDLE', ARGV[3], '-', '+', room)) do
  local claimed = redis.call('XCLAIM', replies, group, consumer, 0, pending[1])[1]
  if claimed then left[#left + 1] = {claimed[1], claimed[2], pending[4] + 1} end
end
return {{}, left, read('>', room - #left)}
"""

# KEYS replies; ARGV group, entry
DONE = """#!lua flags=allow-oom
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
redis.call('XDEL', KEYS[1], ARGV[2])
"""

# KEYS sent; ARGV ms, token → 1, or 0 if somebody else said so before
MARK_SENT = """#!lua flags=allow-oom
if redis.call('SET', KEYS[1], ARGV[2], 'NX', 'PX', ARGV[1]) then return 1 end
return redis.call('GET', KEYS[1]) == ARGV[2] and 1 or 0
"""

# KEYS sent → whether MARK_SENT holds it
WAS_SENT = """#!lua flags=allow-oom,no-writes
return redis.call('EXISTS', KEYS[1])
"""

# KEYS streams…; ARGV group, life of the streams ms (0: for ever), ms after which a consumer that
# holds nothing is forgotten
GROUP = """#!lua
for _, stream in ipairs(KEYS) do
  local made = redis.pcall('XGROUP', 'CREATE', stream, ARGV[1], '0', 'MKSTREAM')
  if made.err and not string.find(made.err, 'BUSYGROUP', 1, true) then return made end
  if tonumber(ARGV[2]) > 0 then redis.call('PEXPIRE', stream, ARGV[2]) end
  for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', stream, ARGV[1])) do
    if consumer[4] == 0 and consumer[6] > tonumber(ARGV[3]) then
      redis.call('XGROUP', 'DELCONSUMER', stream, ARGV[1], consumer[2])
    end
  end
end
"""
