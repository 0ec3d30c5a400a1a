/*
 * The flights of one key in N processes that share a store: what src/single-flight-cache.ts, flights.ts, acquire-once.ts and
 * shared-values.ts do, cut where others may come in between. README.md says which statement stands for what.
 */

/* How large a run is. */
#ifndef N
#define N 3                    /* processes */
#endif
#ifndef GETS
#define GETS 1                 /* calls of `get` in each */
#endif
#ifndef VALUES
#define VALUES 4               /* acquisitions; further ones fail */
#endif
#ifndef LIFETIME
#define LIFETIME 0             /* how far the clock goes by which values expire */
#endif

/* How often each of these may happen, at any moment. */
#ifndef CRASHES
#define CRASHES 0
#endif
#ifndef STOPS
#define STOPS 0                /* SIGSTOP, and SIGCONT at any time after it */
#endif
#ifndef STORE_FAILURES
#define STORE_FAILURES 0
#endif
#ifndef ACQUIRE_FAILURES
#define ACQUIRE_FAILURES 0
#endif
#ifndef REJECTIONS
#define REJECTIONS 0           /* calls with `rejected` */
#endif
#ifndef REMOVALS
#define REMOVALS 0             /* calls of `delete` in process 0, beside its calls of `get` */
#endif
#ifndef MISPLACED
#define MISPLACED 0            /* an entry of another key is put under the name of this one */
#endif

/* Ways to break it, one at a time, each to be noticed by a property. */
#define RELEASE_WITHOUT_COMPARE 1
#define NO_RENEWAL 2
#define WRITE_OVER_LATER_EXPIRY 3
#define WAITER_NEVER_COMPETES 4
#define NO_LOOK_UNDER_LEASE 5
#define RELEASE_BEFORE_WRITE 6
#define NO_KEY_COMPARED 7
#define NO_EXPIRY_COMPARED 8
#define REJECTED_IS_TAKEN 9
#define DISCARDED_IS_KEPT 10
#define LOOK_WHILE_REMOVING 11
#define LEASE_WITHOUT_END 12
#define DISCARDED_IS_AN_ANSWER 13
#define REJECTION_IS_FORGOTTEN 14
#ifndef MUTANT
#define MUTANT 0
#endif
#define broken(way) (MUTANT == way)

#define NONE 0
#define FOREIGN (VALUES + 1)   /* the value of another key */
#define LEASE 3                /* 5,000 ms, in whole times of 1,500 ms */
#define LONGEST_LIFE 3         /* fresh, due, then expired for callers who may wait */
#define SHORTEST_LIFE 1        /* the last of these from the start */

/* The store. */
byte stored = NONE;
byte owner = NONE;             /* of the lease */
byte leaseLeft;
byte storeFailures;

/* The values, numbered as they were acquired, and the clock by which they expire. */
byte now;
byte acquired;
byte expiresAt[VALUES + 2];
byte acquireFailures;

/* Each process: its memory, its flight, and its call that waits for the flight. */
mtype = { RUNS, STOPPED, DEAD };
mtype status[N] = RUNS;
byte kept[N];
bool flying[N];
bool discarded[N];             /* the flight, by `delete` */
byte rejected[N];              /* the value that was rejected last */
bool replaces[N];              /* the request of the flight rejects a value */
bool waiting[N];
bool rejects[N];               /* the call, and with it the flight that it begins */
bool waitsForNext[N];          /* the flight was discarded before the call came */
byte rejections;

/* What a process has still to do in the store. Two leases can be there, and a third be that of the flight. */
mtype = { WRITE, REPLACE, DELETE, RELEASE };
chan storeWork[N] = [2] of { mtype, byte /* value */, byte /* lease */ };
byte removing[N];              /* how many removals are under way */
bool renews[3 * N + 1];        /* by lease: its timer is set */
#define leaseOf(process, turn) (3 * (process) + 1 + (turn))
#define processOf(lease) (((lease) - 1) / 3)

/* Only for the properties. */
bool acquiring[N];
bool faithful[N];              /* has renewed the lease it took whenever that was due */
byte silence;                  /* how often in a row the lease was not renewed when that was due */
byte forbidden[N];             /* by bit: the values this process has rejected or removed */
bool two_acquire, acquired_twice, foreign_value, expired_value, rejected_value, earlier_expiry;

#define ME (_pid % N)
#define forbid(value) forbidden[ME] = forbidden[ME] | 1 << (value)
/* A guard of each step: under `provided`, spin finds no cycle that is weakly fair. */
#define runs (status[ME] == RUNS)
#define isDue(value) (now + 2 >= expiresAt[value])
#define isExpired(value) (now + 1 >= expiresAt[value])  /* for callers who may wait: somewhat before the expiry */

/* In whatever asks the store, the case that it fails. */
#define STORE_FAILS storeFailures < STORE_FAILURES -> storeFailures++

inline noCase(violation, name) {
  if
  :: violation -> name = true; assert(!name)
  :: else
  fi
}

inline handOut(value) {
  noCase(value == FOREIGN, foreign_value);
  noCase(now >= expiresAt[value], expired_value);
  noCase(forbidden[ME] >> value & 1, rejected_value)
}

inline takeOff() {
  flying[ME] = true;
  discarded[ME] = false;
  replaces[ME] = rejects[ME]
}

/* get: the callers of a process, one after another. */
active [N] proctype Caller() {
  byte calls;
  do
  :: atomic { runs && !waiting[ME] && calls < GETS ->
      calls++;
      rejects[ME] = false;
      if
      :: kept[ME] != NONE && rejections < REJECTIONS ->
        rejections++;
        rejects[ME] = true;
        rejected[ME] = kept[ME];
        forbid(kept[ME]);
        kept[ME] = NONE
      :: true
      fi;
      if
      :: kept[ME] != NONE && !isExpired(kept[ME]) ->
        handOut(kept[ME]);
        if
        :: isDue(kept[ME]) && !flying[ME] -> takeOff()
        :: else
        fi
      :: else ->
        waiting[ME] = true;
        if
        :: flying[ME] -> waitsForNext[ME] = discarded[ME]
        :: else -> takeOff()
        fi
      fi
    }
  :: atomic { !waiting[ME] && calls == GETS -> break }
  od
}

/* #outcome, and the rest of get. A flight that was discarded before the call came is no answer to it: it waits for the next. */
inline land(value, isFound) {
  flying[ME] = false;
  if
  :: waiting[ME] && waitsForNext[ME] && !broken(DISCARDED_IS_AN_ANSWER) -> waitsForNext[ME] = false; takeOff()
  :: waiting[ME] && (!waitsForNext[ME] || broken(DISCARDED_IS_AN_ANSWER)) ->
    noCase(waitsForNext[ME], rejected_value);
    waiting[ME] = false;
    if
    :: value != NONE -> handOut(value)
    :: value == NONE && kept[ME] != NONE && now < expiresAt[kept[ME]] -> handOut(kept[ME])
    :: else
    fi;
    if
    :: isFound && kept[ME] == value && isDue(value) -> takeOff()
    :: else
    fi
  :: !waiting[ME]
  fi;
  if
  :: broken(REJECTION_IS_FORGOTTEN) -> rejected[ME] = NONE
  :: else
  fi
}

/* acquireOnce, acquireUnder, and of flights.ts #look and #land. */
active [N] proctype Flight() {
  byte found, lease, turn, life, other;
  bool unfit, waited, isDiscarded;
end_on_the_ground:
  atomic {
    runs && flying[ME] -> waited = false;
    if
    :: removing[ME] > 0 && !broken(LOOK_WHILE_REMOVING) -> goto acquire
    :: else
    fi
  }

look:
  atomic {
    runs && nfull(storeWork[ME]);
    if
    :: STORE_FAILS
    :: found = stored
    fi;
    if
    :: found == FOREIGN && !broken(NO_KEY_COMPARED) -> unfit = true; found = NONE
    :: found != NONE && found == rejected[ME] && !broken(REJECTED_IS_TAKEN) -> unfit = lease != NONE; found = NONE
    :: else
    fi;
    if
    :: found != NONE && now >= expiresAt[found] && !broken(NO_EXPIRY_COMPARED) -> found = NONE
    :: found != NONE && kept[ME] != NONE && expiresAt[kept[ME]] >= expiresAt[found] -> found = NONE
    :: found != NONE && !discarded[ME] -> kept[ME] = found
    :: else
    fi;
    if
    :: found != NONE && (!isExpired(found) || broken(NO_EXPIRY_COMPARED)) ->
      if
      :: lease != NONE -> storeWork[ME]!RELEASE, NONE, lease; lease = NONE; faithful[ME] = false
      :: else
      fi;
      land(found, true);
      found = NONE;
      goto end_on_the_ground
    :: else -> found = NONE
    fi
  }
  if
  :: atomic { runs && unfit ->
      unfit = false;
      if
      :: STORE_FAILS
      :: stored = NONE
      fi
    }
  :: !unfit && lease == NONE
  :: !unfit && lease != NONE -> goto acquire
  fi;

  atomic {
    runs;
    if
    :: lease != NONE -> goto acquire
    :: else
    fi;
    if
    :: STORE_FAILS -> goto acquire
    :: owner == NONE && STORE_FAILS ->   /* granted, but the answer is lost */
      owner = leaseOf(ME, turn);
      leaseLeft = LEASE;
      turn = (turn + 1) % 3;
      goto acquire
    :: owner == NONE && !waited ->
      lease = leaseOf(ME, turn);
      turn = (turn + 1) % 3;
      owner = lease;
      leaseLeft = LEASE;
      renews[lease] = true;
      faithful[ME] = true;
      silence = 0;
      if
      :: broken(NO_LOOK_UNDER_LEASE) -> goto acquire
      :: else -> goto look
      fi
    :: owner != NONE || waited -> waited = broken(WAITER_NEVER_COMPETES); goto look
    fi
  }

acquire:
  atomic {
    runs;
    acquiring[ME] = true;
    for (other : 0 .. N - 1) {
      noCase(other != ME && acquiring[other] && faithful[other] && faithful[ME], two_acquire)
    }
    other = 0
  }
  atomic {
    runs && nfull(storeWork[ME]);
    acquiring[ME] = false;
    faithful[ME] = false;
    if
    :: acquired == VALUES -> storeWork[ME]!RELEASE, NONE, lease; land(NONE, false)
    :: acquireFailures < ACQUIRE_FAILURES ->
      acquireFailures++;
      storeWork[ME]!RELEASE, NONE, lease;
      land(NONE, false)
    :: acquired < VALUES ->
      acquired++;
#ifdef ONE_ACQUISITION
      noCase(acquired > 1, acquired_twice);
#endif
      if
      :: life = LONGEST_LIFE
      :: LIFETIME > 0 -> life = SHORTEST_LIFE
      fi;
      expiresAt[acquired] = now + life;
      life = 0;
      if
      :: discarded[ME] && !broken(DISCARDED_IS_KEPT) -> storeWork[ME]!RELEASE, NONE, lease
      :: else ->
        kept[ME] = acquired;
        storeWork[ME]!(replaces[ME] -> REPLACE : WRITE), acquired, lease
      fi;
      isDiscarded = discarded[ME];
      land(acquired, false);
      if
      :: isDiscarded -> forbid(acquired)    /* to calls that come now: it goes only to those who waited */
      :: else
      fi;
      isDiscarded = false
    fi;
    if
    :: broken(RELEASE_BEFORE_WRITE) && owner == lease -> owner = NONE; leaseLeft = 0
    :: else
    fi;
    lease = NONE;
    goto end_on_the_ground
  }
}

/* One step of the store: it never replaces what expires later. */
inline put() {
  if
  :: stored == NONE || expiresAt[stored] <= expiresAt[value] || broken(WRITE_OVER_LATER_EXPIRY) ->
    noCase(stored != NONE && expiresAt[stored] > expiresAt[value], earlier_expiry);
    stored = value
  :: else
  fi
}

inline release() {
  renews[lease] = false;
  if
  :: lease != NONE && STORE_FAILS
  :: lease != NONE && (owner == lease || broken(RELEASE_WITHOUT_COMPARE)) -> owner = NONE; leaseLeft = 0
  :: else
  fi
}

/* KeyQueue: writes, removals and releases of a process, one after another. */
active [N] proctype StoreWork() {
  mtype job;
  byte value, lease;
end_idle:
  do
  :: atomic { runs && nempty(storeWork[ME]) ->
      if
      :: job == 0 -> storeWork[ME]?<job, value, lease>
      :: else
      fi;
      if
      :: job == DELETE ->
        if
        :: STORE_FAILS
        :: stored = NONE; forbid(value)
        fi;
        removing[ME]--;
        job = RELEASE
      :: job == REPLACE ->
        if
        :: STORE_FAILS
        :: stored = NONE
        fi;
        job = WRITE
      :: job == WRITE ->
        if
        :: STORE_FAILS
        :: STORE_FAILS; put()    /* done, but the answer is lost */
        :: put()
        fi;
        job = RELEASE
      :: job == RELEASE ->
        release();
        storeWork[ME]?job, value, lease;
        job = 0;
        value = NONE;
        lease = NONE
      fi
    }
  od
}

/* keepRenewing, and how a lease ends by itself. Each time, the timer of a holder that runs has fired once. */
active proctype Time() {
end_idle:
  do
  :: atomic { owner != NONE && !broken(LEASE_WITHOUT_END) ->
      if
      :: renews[owner] && status[processOf(owner)] == RUNS ->
        if
        :: broken(NO_RENEWAL) -> leaseLeft--
        :: !broken(NO_RENEWAL) -> leaseLeft = LEASE; silence = 0
        :: STORE_FAILS; leaseLeft--; silence++
        fi
      :: else -> leaseLeft--; silence++
      fi;
      if
      :: leaseLeft == 0 ->
        if
        :: silence == LEASE -> faithful[processOf(owner)] = false
        :: else
        fi;
        silence = 0;
        owner = NONE
      :: else
      fi
    }
  :: atomic { now < LIFETIME -> now++ }
  od
}

/* What a dead process had in memory is gone; what it left in the store stays. */
active proctype Faults() {
  byte victim, crashes, stops, misplaced;
end_idle:
  do
  :: atomic { crashes < CRASHES ->
      crashes++;
      select (victim : 0 .. N - 1);
      status[victim] = DEAD;
      kept[victim] = NONE;
      flying[victim] = false;
      waiting[victim] = false;
      acquiring[victim] = false;
      do
      :: nempty(storeWork[victim]) -> storeWork[victim]?_, _, _
      :: empty(storeWork[victim]) -> break
      od;
      victim = 0
    }
  :: atomic { stops < STOPS ->
      stops++;
      select (victim : 0 .. N - 1);
      status[victim] == RUNS -> status[victim] = STOPPED
    }
    atomic { status[victim] = RUNS; victim = 0 }
  :: atomic { misplaced < MISPLACED -> misplaced++; stored = FOREIGN; expiresAt[FOREIGN] = LIFETIME + LONGEST_LIFE + 1 }
  od
}

/* delete: another caller in process 0. */
active proctype Remover() {
  byte removals;
end_idle:
  do
  :: atomic { status[0] == RUNS && removals < REMOVALS && (kept[0] != NONE || flying[0]) && nfull(storeWork[0]) ->
      removals++;
      discarded[0] = flying[0];
      removing[0]++;
      storeWork[0]!DELETE, kept[0], NONE;
      kept[0] = NONE
    }
  od
}

ltl no_waiter_stuck { [] (waiting[0] -> <> !waiting[0]) }
