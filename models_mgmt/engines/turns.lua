-- Who may ask an engine now. One step of one line, whole or not at all.
--
-- KEYS: the line, people who wait. ARGV: what is done (ask, beat, heard, leave) and its facts as JSON.
-- For `grace` seconds after its lease others wait for one that died, whose work is taken up.
-- A line has tickets by name. A ticket has a lease, and while it may ask, the place where; who
-- asks first in each round goes first, and everybody has one turn in each.

local KEPT = 60  -- seconds for which a ticket without a lease keeps its number
local PASSED = 10  -- turns of others that may go before to spare a load
local DAY = 86400
local GUESS = 30  -- seconds of a turn of which nothing is known: it sets an order and is not told

local now = redis.call('TIME')
now = tonumber(now[1]) + tonumber(now[2]) / 1000000
local doing, asked = ARGV[1], cjson.decode(ARGV[2])
local kept = redis.call('GET', KEYS[1])
local line = kept and cjson.decode(kept)
  or { tickets = {}, round = 0, count = 0, next = {}, has = {}, took = {} }

local function is_live(ticket)
  return ticket.lease >= now
end

local function is_waiting(ticket)
  return ticket.lease >= now - asked.grace and ticket.patient and not ticket.place
end

local function waiting()
  local found = {}
  for name, ticket in pairs(line.tickets) do
    if is_waiting(ticket) then
      found[name] = ticket
    end
  end
  return found
end

local function may_use(ticket, place)
  for index, each in ipairs(ticket.places) do
    if each == place then
      return index
    end
  end
end

-- Who asks a model that would have to be loaded lets others pass, but not for ever.
local function rank(ticket, place, has, passed)
  local swap = has == ticket.model and 0 or (has == nil and 1 or 2)
  if passed >= PASSED then
    swap = -1
  end
  return { ticket.back and 0 or 1, swap, ticket.round, ticket.number, may_use(ticket, place) }
end

local function is_before(one, other)
  for index, value in ipairs(one) do
    if value ~= other[index] then
      return value < other[index]
    end
  end
  return false
end

local function is_earlier(one, other)
  return is_before({ one.round, one.number }, { other.round, other.number })
end

local function best(tickets, place, has, passed)
  local found, first
  for name, ticket in pairs(tickets) do
    if may_use(ticket, place) then
      local own = rank(ticket, place, has, passed[name] or ticket.passed)
      if not first or is_before(own, first) then
        found, first = name, own
      end
    end
  end
  return found, first
end

local function used(place, by_all)
  local count = 0
  for _, ticket in pairs(line.tickets) do
    if ticket.place == place and is_live(ticket) and (ticket.patient or by_all) then
      count = count + 1
    end
  end
  return count
end

local function let_in(ticket, place)
  ticket.place, ticket.since, ticket.back = place, now, false
  line.has[place] = ticket.model
end

local function places_of(tickets)
  local found = {}
  for _, ticket in pairs(tickets) do
    for _, place in ipairs(ticket.places) do
      found[place] = math.max(found[place] or 0, ticket.slots)
    end
  end
  return found
end

local function let_in_all()
  local absent, held = {}, {}
  while true do
    local left = waiting()
    for name in pairs(absent) do
      left[name] = nil
    end
    local chosen, where, first
    for place, slots in pairs(places_of(left)) do
      local busy = used(place, false) + (held[place] or 0)
      if busy < slots then
        local name, own = best(left, place, line.has[place], {})
        table.insert(own, 5, busy)
        if not first or is_before(own, first) then
          chosen, where, first = name, place, own
        end
      end
    end
    if not chosen then
      return
    end
    local ticket = left[chosen]
    if is_live(ticket) then
      for name, other in pairs(left) do
        if name ~= chosen and may_use(other, where) and is_earlier(other, ticket) then
          other.passed = other.passed + 1
        end
      end
      line.round = math.max(line.round, ticket.round)
      let_in(ticket, where)
    else
      absent[chosen], held[where] = true, (held[where] or 0) + 1
    end
  end
end

local function drop(name)
  line.tickets[name] = nil
  redis.call('ZREM', KEYS[2], KEYS[1] .. '/' .. name)
end

-- A number that is given up is one less for the same person's next ones.
local function give_up(name)
  local gone = line.tickets[name]
  drop(name)
  if not gone.patient then
    return
  end
  for _, ticket in pairs(line.tickets) do
    if ticket.person == gone.person and ticket.round > gone.round then
      ticket.round = ticket.round - 1
    end
  end
  line.next[gone.person] = math.max((line.next[gone.person] or 1) - 1, 0)
end

local function number(ticket)
  line.count = line.count + 1
  ticket.number, ticket.passed = line.count, 0
  ticket.round = math.max(line.round, line.next[ticket.person] or 0)
  if ticket.patient then
    line.next[ticket.person] = ticket.round + 1
  end
end

local function tidy()
  for name, ticket in pairs(line.tickets) do
    if not is_live(ticket) then
      if not ticket.patient or ticket.lease < now - KEPT then
        give_up(name)
      elseif ticket.place then
        ticket.place, ticket.back = nil, true  -- who takes its work up goes on first
      end
    end
  end
  for person, round in pairs(line.next) do
    if round <= line.round then
      line.next[person] = nil
    end
  end
end

-- How many turns are before this one, itself included, and the seconds until it.
local function ahead(name)
  local left, passed, lanes = waiting(), {}, {}
  for place, slots in pairs(places_of(left)) do
    for _, ticket in pairs(line.tickets) do
      if ticket.place == place and is_live(ticket) and ticket.patient then
        local took = line.took[ticket.model]
        local free = math.max(now, ticket.since + (took or GUESS))
        table.insert(lanes, { place = place, free = free, has = ticket.model, known = took })
      end
    end
    for _ = used(place, false) + 1, slots do
      table.insert(lanes, { place = place, free = now, has = line.has[place], known = true })
    end
  end
  local turns = 0
  while #lanes > 0 do
    table.sort(lanes, function(a, b) return a.free < b.free end)
    local chosen
    for index, lane in ipairs(lanes) do
      chosen = best(left, lane.place, lane.has, passed)
      if chosen then
        turns = turns + 1
        local ticket = left[chosen]
        if chosen == name then
          return turns, lane.known and lane.free - now
        end
        for other, each in pairs(left) do
          if may_use(each, lane.place) and is_earlier(each, ticket) then
            passed[other] = (passed[other] or each.passed) + 1
          end
        end
        left[chosen] = nil
        local took = line.took[ticket.model]
        lane.free, lane.has = lane.free + (took or GUESS), ticket.model
        lane.known = lane.known and took
        break
      end
    end
    if not chosen then
      return turns + 1, nil
    end
  end
  return turns + 1, nil
end

-- Whether somebody else waits for this place, or has had to share it with one that does not wait.
local function is_wanted(own)
  local is_shared = not own.patient and used(own.place, true) > own.slots
  for _, ticket in pairs(line.tickets) do
    local waits = is_waiting(ticket) and may_use(ticket, own.place)
    local shares = is_shared and ticket.patient and ticket.place == own.place and is_live(ticket)
    if ticket.person ~= own.person and (waits or shares) then
      return true
    end
  end
  return false
end

local function enter()
  local ticket = line.tickets[asked.name]
  if ticket and ticket.model ~= asked.model then
    give_up(asked.name)
    ticket = nil
  end
  if not ticket then
    ticket = { person = asked.person, model = asked.model, patient = asked.patient }
    number(ticket)
    line.tickets[asked.name] = ticket
  end
  ticket.lease = now + asked.lease
  ticket.places, ticket.slots = asked.places, asked.slots
  if ticket.place and asked.anew and now - ticket.since > asked.long and is_wanted(ticket) then
    ticket.place = nil
    number(ticket)
  end
  return ticket
end

-- One that does not wait goes where nobody is, or not at all.
local function let_in_beside(ticket)
  for _, place in ipairs(ticket.places) do
    if used(place, true) < ticket.slots then
      return let_in(ticket, place)
    end
  end
  drop(asked.name)
end

local function ask()
  local ticket = enter()
  let_in_all()
  if not ticket.place and not ticket.patient then
    let_in_beside(ticket)
  end
  if ticket.patient and (not ticket.place or asked.unheard) then
    redis.call('ZADD', KEYS[2], ticket.lease, KEYS[1] .. '/' .. asked.name)
  end
  if ticket.place then
    return { place = ticket.place, wanted = is_wanted(ticket) }
  end
  if not ticket.patient then
    return {}
  end
  local turns, seconds = ahead(asked.name)
  return { ahead = turns, seconds = seconds or nil }
end

local function leave()
  local ticket = line.tickets[asked.name]
  if not ticket then
    return {}
  end
  if not ticket.place then
    give_up(asked.name)
  else
    if asked.done and ticket.patient then
      local took, before = now - ticket.since, line.took[ticket.model]
      line.took[ticket.model] = before and 0.7 * before + 0.3 * took or took
    end
    drop(asked.name)
  end
  let_in_all()
  return {}
end

tidy()
local answer = {}
if doing == 'ask' or (doing == 'beat' and line.tickets[asked.name]) then
  answer = ask()
elseif doing == 'heard' then
  redis.call('ZREM', KEYS[2], KEYS[1] .. '/' .. asked.name)
elseif doing == 'leave' then
  answer = leave()
end
redis.call('SET', KEYS[1], cjson.encode(line), 'EX', DAY)
return cjson.encode(answer)
