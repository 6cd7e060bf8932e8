"""What the queue does in Redis in one step each: Lua scripts, atomic by nature.

The depth of the queue is the length of the jobs' stream, and a person's jobs are a set of their
entries: both are changed in the same script as the job itself, so no crash can part them.
A job exists as long as its entry does, so deleting the entry is what decides who finished it.

`allow-oom` marks what must go on when the server is out of memory: all that makes room there.
Admission has no such flag, and so is refused before it has changed anything.
"""

from __future__ import annotations

# KEYS jobs, seen, person
# ARGV depth, per person, dedupe ms (0: none), value for seen, person ms, then field, value…
# → status, and: the number of jobs ahead | the value of seen
SUBMIT = """#!lua
local jobs, seen, person = KEYS[1], KEYS[2], KEYS[3]
local remember = tonumber(ARGV[3])
if remember > 0 then
  local known = redis.call('GET', seen)
  if known then return {'known', known} end
end
local ahead = redis.call('XLEN', jobs)
if ahead >= tonumber(ARGV[1]) then return {'full', ahead} end
if redis.call('SCARD', person) >= tonumber(ARGV[2]) then
  -- entries that somebody removed by hand must not lock a person out
  for _, entry in ipairs(redis.call('SMEMBERS', person)) do
    if #redis.call('XRANGE', jobs, entry, entry) == 0 then
      redis.call('SREM', person, entry)
    end
  end
  if redis.call('SCARD', person) >= tonumber(ARGV[2]) then return {'busy', ahead} end
end
local entry = redis.call('XADD', jobs, '*', unpack(ARGV, 6))
redis.call('SADD', person, entry)
redis.call('PEXPIRE', person, ARGV[5])
if remember > 0 then redis.call('SET', seen, ARGV[4], 'PX', remember) end
return {'accepted', ahead}
"""

# KEYS jobs; ARGV group, consumer, visibility ms, max batch → {entry, fields, deliveries}…
# First what nobody holds any more. XPENDING and XCLAIM are what XAUTOCLAIM does, but also tell
# how often a job was delivered, which decides whether it comes alone.
TAKE = """#!lua flags=allow-oom
local jobs, group, consumer, room = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[4])
local claims = {}
for _, pending in ipairs(redis.call('XPENDING', jobs, group, 'IDLE', ARGV[3], '-', '+', room)) do
  local entry, before = pending[1], pending[4]
  if before > 0 and #claims > 0 then break end
  local claimed = redis.call('XCLAIM', jobs, group, consumer, 0, entry)[1]
  if claimed then
    claims[#claims + 1] = {claimed[1], claimed[2], before + 1}
    if before > 0 then return claims end
  end
end
if #claims < room then
  local read = redis.call(
    'XREADGROUP', 'GROUP', group, consumer, 'COUNT', room - #claims, 'STREAMS', jobs, '>')
  if read then
    for _, fresh in ipairs(read[1][2]) do claims[#claims + 1] = {fresh[1], fresh[2], 1} end
  end
end
return claims
"""

# KEYS jobs; ARGV group, consumer, entry… → how many are still this consumer's
RENEW = """#!lua flags=allow-oom
local jobs, group, consumer, held = KEYS[1], ARGV[1], ARGV[2], 0
for i = 3, #ARGV do
  if #redis.call('XPENDING', jobs, group, ARGV[i], ARGV[i], 1, consumer) > 0 then
    redis.call('XCLAIM', jobs, group, consumer, 0, ARGV[i], 'JUSTID')
    held = held + 1
  end
end
return held
"""

# KEYS jobs; ARGV group, consumer, entry…
# TIME 0: idle since 1970, so whoever takes next gets it, and this delivery is not counted.
RELEASE = """#!lua flags=allow-oom
local jobs, group, consumer = KEYS[1], ARGV[1], ARGV[2]
for i = 3, #ARGV do
  local pending = redis.call('XPENDING', jobs, group, ARGV[i], ARGV[i], 1, consumer)[1]
  if pending then
    redis.call('XCLAIM', jobs, group, consumer, 0, ARGV[i],
      'TIME', 0, 'RETRYCOUNT', math.max(pending[4] - 1, 0), 'JUSTID')
  end
end
"""

# KEYS jobs, person, replies, cache
# ARGV group, entry, replies ms (0: for ever), cache ms (0: not), v, body, blob, and the same
# again for the cache → 1, or 0 if the job was finished before
FINISH = """#!lua flags=allow-oom
local jobs, person, replies, cache = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local entry, lives, keep = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
if redis.call('XDEL', jobs, entry) == 0 then return 0 end
redis.call('XACK', jobs, ARGV[1], entry)
redis.call('SREM', person, entry)
redis.call('XADD', replies, '*', 'v', ARGV[5], 'body', ARGV[6], 'blob', ARGV[7])
if lives > 0 then redis.call('PEXPIRE', replies, lives) end
if keep > 0 then
  redis.call('DEL', cache)
  redis.call('HSET', cache, 'v', ARGV[8], 'body', ARGV[9], 'blob', ARGV[10])
  redis.call('PEXPIRE', cache, keep)
end
return 1
"""

# KEYS jobs, person, dead, replies
# ARGV group, entry, max dead, dead ms, error, deliveries, job, adapter, replies ms, then v, body
# and blob of the reply if there is one → 1, or 0 if the job was gone before
BURY = """#!lua flags=allow-oom
local jobs, person, dead, replies = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local entry, lives = ARGV[2], tonumber(ARGV[9])
if redis.call('XDEL', jobs, entry) == 0 then return 0 end
redis.call('XACK', jobs, ARGV[1], entry)
redis.call('SREM', person, entry)
redis.call('XADD', dead, 'MAXLEN', '~', ARGV[3], '*', 'entry', entry,
  'error', ARGV[5], 'deliveries', ARGV[6], 'job', ARGV[7], 'adapter', ARGV[8])
redis.call('PEXPIRE', dead, ARGV[4])
if ARGV[10] then
  redis.call('XADD', replies, '*', 'v', ARGV[10], 'body', ARGV[11], 'blob', ARGV[12])
  if lives > 0 then redis.call('PEXPIRE', replies, lives) end
end
return 1
"""

# KEYS replies; ARGV group, consumer, visibility ms, count, replies ms (0: for ever), where to
# read on in this consumer's own from before its restart ('': not any more)
# → own {entry, fields}…, then those of the dead, then new ones; each list by itself
TAKE_REPLIES = """#!lua flags=allow-oom
local replies, group, consumer, room = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[4])
local function read(from, count)
  if count <= 0 then return {} end
  local answer = redis.call(
    'XREADGROUP', 'GROUP', group, consumer, 'COUNT', count, 'STREAMS', replies, from)
  return answer and answer[1][2] or {}
end
if tonumber(ARGV[5]) > 0 then redis.call('PEXPIRE', replies, ARGV[5]) end
if ARGV[6] ~= '' then
  local own = read(ARGV[6], room)
  if #own > 0 then return {own, {}, {}} end
end
local left = {}
for _, pending in ipairs(redis.call('XPENDING', replies, group, 'IDLE', ARGV[3], '-', '+', room)) do
  local claimed = redis.call('XCLAIM', replies, group, consumer, 0, pending[1])[1]
  if claimed then left[#left + 1] = claimed end
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

# KEYS stream; ARGV group, life of the stream ms (0: for ever), ms after which a consumer that
# holds nothing is forgotten
GROUP = """#!lua
local made = redis.pcall('XGROUP', 'CREATE', KEYS[1], ARGV[1], '0', 'MKSTREAM')
if made.err and not string.find(made.err, 'BUSYGROUP', 1, true) then return made end
if tonumber(ARGV[2]) > 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  if consumer[4] == 0 and consumer[6] > tonumber(ARGV[3]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], consumer[2])
  end
end
"""
