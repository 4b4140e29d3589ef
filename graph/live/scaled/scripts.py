"""What Redis has to do in one piece, in Lua. Times are of Redis' clock: there is only one.

Every write of a keeper names its token and is refused unless the lock still holds it: a keeper that
was stopped for a while cannot undo what its successor has written.
"""

# KEYS lock; ARGV token, milliseconds. Returns whether the lock is ours now.
TAKE = """
if redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
return 0
"""

# KEYS lock; ARGV token, milliseconds, channel, notice. Returns [is ours, seconds, microseconds].
HOLD = """
local time = redis.call('time')
if redis.call('get', KEYS[1]) ~= ARGV[1] then return {0, time[1], time[2]} end
redis.call('pexpire', KEYS[1], ARGV[2])
redis.call('publish', ARGV[3], ARGV[4])
return {1, time[1], time[2]}
"""

# KEYS lock; ARGV token.
RELEASE = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0
"""

# KEYS lock, hash; ARGV token, milliseconds, channel, notice, needed field or "", then fields and
# values. Returns 1 when it is written and told; 0 when the lock is another's; 2 when the needed
# field, which this write leaves as it is, has gone.
TELL = """
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[5] ~= '' and redis.call('hexists', KEYS[2], ARGV[5]) == 0 then return 2 end
redis.call('hset', KEYS[2], unpack(ARGV, 6))
redis.call('pexpire', KEYS[2], ARGV[2])
redis.call('publish', ARGV[3], ARGV[4])
return 1
"""

# KEYS windows, views; ARGV seconds, window, view or "", cap (0: none), seconds that an abandoned
# view has left. Returns 0 when views run out.
WANT = """
local time = redis.call('time')
local now = time[1] + time[2] / 1000000
local till = now + ARGV[1]
redis.call('zremrangebyscore', KEYS[1], '-inf', now)
redis.call('zadd', KEYS[1], till, ARGV[2])
redis.call('expire', KEYS[1], ARGV[1])
if ARGV[3] == '' then return 1 end
redis.call('zremrangebyscore', KEYS[2], '-inf', now)
local cap = tonumber(ARGV[4])
local is_new = cap > 0 and not redis.call('zscore', KEYS[2], ARGV[3])
if is_new and redis.call('zcard', KEYS[2]) >= cap then
  local abandoned = redis.call('zrangebyscore', KEYS[2], '-inf', now + ARGV[5], 'LIMIT', 0, 1)
  if #abandoned == 0 then return 0 end
  redis.call('zrem', KEYS[2], abandoned[1])
end
redis.call('zadd', KEYS[2], till, ARGV[3])
redis.call('expire', KEYS[2], ARGV[1])
return 1
"""

# KEYS views; ARGV seconds that an abandoned view has left, view. Another process that watches it
# too says so again within seconds.
ABANDON = """
local time = redis.call('time')
return redis.call('zadd', KEYS[1], 'XX', 'LT', time[1] + time[2] / 1000000 + ARGV[1], ARGV[2])
"""
