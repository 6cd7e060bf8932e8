"""What the store does in Redis in one step each: Lua scripts, atomic by nature.

Each but COUNT may be run twice without harm, as happens when an answer is lost on the way.
`allow-oom` marks what must go on when the server is out of memory: all that makes room, or takes
little for a short time. New choices have no such flag, and are refused.
"""

from __future__ import annotations

from captioner.queue.redis.scripts import MARK_SENT

__all__ = [
    "COLLECT",
    "COUNT",
    "COUNTS",
    "FORGET",
    "LEAVE",
    "NOTES",
    "NOTES_KEPT",
    "ONCE",
    "PREFERENCES",
    "SAME_FOR_ALL",
    "SEEN",
    "SET_PREFERENCES",
    "TAKE_BACK",
    "TURN",
]

# KEYS key; ARGV ms, token → 1, or 0 if another token came before
ONCE = MARK_SENT

# KEYS key → whether ONCE holds it
SEEN = """#!lua flags=allow-oom,no-writes
return redis.call('EXISTS', KEYS[1])
"""

# KEYS notes; ARGV note, ms
LEAVE = """#!lua flags=allow-oom
redis.call('SADD', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""

# KEYS notes, what this caller takes away; ARGV ms → all of them
# They are not gone at once, but out of others' reach: the answer may be lost on the way.
COLLECT = """#!lua flags=allow-oom
if redis.call('EXISTS', KEYS[2]) == 0 then
  if redis.call('EXISTS', KEYS[1]) == 0 then return {} end
  redis.call('RENAME', KEYS[1], KEYS[2])
  redis.call('PEXPIRE', KEYS[2], ARGV[1])
end
return redis.call('SMEMBERS', KEYS[2])
"""

# KEYS notes → all of them
NOTES = """#!lua flags=allow-oom,no-writes
return redis.call('SMEMBERS', KEYS[1])
"""

# KEYS notes, secret; ARGV ms → all of them
# The secret lives as long, for without it they cannot be read: see PREFERENCES.
NOTES_KEPT = """#!lua flags=allow-oom
local notes = redis.call('SMEMBERS', KEYS[1])
if #notes > 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  redis.call('PEXPIRE', KEYS[2], ARGV[1])
end
return notes
"""

# KEYS notes; ARGV note
TAKE_BACK = """#!lua flags=allow-oom
redis.call('SREM', KEYS[1], ARGV[1])
"""

# KEYS preferences, secret; ARGV ms → field, value…
# What was hashed with the secret is of no use without it: both live equally long.
PREFERENCES = """#!lua flags=allow-oom
local fields = redis.call('HGETALL', KEYS[1])
if #fields > 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  redis.call('PEXPIRE', KEYS[2], ARGV[1])
end
return fields
"""

# KEYS preferences, secret; ARGV ms, field, value…; no fields: nothing is kept
SET_PREFERENCES = """#!lua
redis.call('DEL', KEYS[1])
if #ARGV > 1 then
  redis.call('HSET', KEYS[1], unpack(ARGV, 2))
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  redis.call('PEXPIRE', KEYS[2], ARGV[1])
end
"""

# KEYS what is to be removed…
FORGET = """#!lua flags=allow-oom
return redis.call('DEL', unpack(KEYS))
"""

# KEYS turns (when each was taken); ARGV limit, window µs, token → µs to wait, or 0: taken
# Lua writes numbers with 14 digits where nothing else is said, and a time in µs has 16.
TURN = """#!lua flags=allow-oom
local turns, limit, window, token = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
if redis.call('ZSCORE', turns, token) then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local function exactly(number) return string.format('%.0f', number) end
redis.call('ZREMRANGEBYSCORE', turns, '-inf', exactly(now - window))
-- a clock that was set back must lock nobody out
redis.call('ZREMRANGEBYSCORE', turns, '(' .. exactly(now), '+inf')
local taken = redis.call('ZCARD', turns)
if taken >= limit then
  local first = redis.call('ZRANGE', turns, taken - limit, taken - limit, 'WITHSCORES')[2]
  return first + window - now
end
redis.call('ZADD', turns, exactly(now), token)
redis.call('PEXPIRE', turns, exactly(math.ceil(window / 1000) + 1))
return 0
"""

# KEYS counts of today; ARGV name, by, ms
COUNT = """#!lua flags=allow-oom
redis.call('HINCRBY', KEYS[1], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
"""

# KEYS counts of a day…→ {name, count…} of each
COUNTS = """#!lua flags=allow-oom,no-writes
local days = {}
for i, key in ipairs(KEYS) do days[i] = redis.call('HGETALL', key) end
return days
"""

# KEYS secret; ARGV a fresh one, ms → the one in force
SAME_FOR_ALL = """#!lua flags=allow-oom
local kept = redis.call('GET', KEYS[1])
if not kept or #kept ~= #ARGV[1] then
  kept = ARGV[1]
  redis.call('SET', KEYS[1], kept)
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return kept
"""
