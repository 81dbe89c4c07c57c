package dev.realtime;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.domain.JavaConstructor;
import dev.realtime.loop.Environment;
import dev.realtime.loop.Loops;

/** Calls that use a clock, a generator or a wait of the JVM's own. */
final class HiddenTime {

	/** Methods by their owner; with a time limit where they have one without, too. */
	private static final Map<Class<?>, Set<String>> CALLS = Map.of(System.class,
			Set.of("nanoTime", "currentTimeMillis"), Math.class, Set.of("random"), Thread.class,
			Set.of("sleep", "join"), LockSupport.class, Set.of("parkNanos", "parkUntil"), TimeUnit.class,
			Set.of("sleep", "timedWait", "timedJoin"), UUID.class, Set.of("randomUUID"), ThreadLocalRandom.class,
			Set.of("current"), Clock.class,
			Set.of("systemUTC", "systemDefaultZone", "system", "tickMillis", "tickSeconds", "tickMinutes"));

	private static final Set<Class<?>> GENERATORS = Set.of(Random.class, SplittableRandom.class, SecureRandom.class);

	/** What waits for these with a time limit takes the time from the system. */
	private static final Map<Class<?>, String> WAITS = Map.of(Future.class, "get", CountDownLatch.class, "await",
			Condition.class, "await", Object.class, "wait");

	/** {@code publishAndWait} waits on the application's own thread. */
	private static final Class<?> BLOCKING = RealtimePublisher.class;

	private HiddenTime() {
	}

	static boolean isIn(JavaAccess<?> access) {
		if (!(access instanceof JavaCodeUnitAccess<?> call) || access.getOriginOwner().isEquivalentTo(BLOCKING)) {
			return false;
		}
		AccessTarget.CodeUnitAccessTarget target = call.getTarget();
		JavaClass owner = target.getOwner();
		String name = target.getName();
		boolean generator = name.equals("<init>") && GENERATORS.stream().anyMatch(owner::isAssignableTo);
		boolean now = name.equals("now") && owner.getPackageName().equals("java.time")
				&& target.getRawParameterTypes().isEmpty();
		boolean listed = CALLS.entrySet()
			.stream()
			.anyMatch((each) -> owner.isEquivalentTo(each.getKey()) && each.getValue().contains(name));
		return generator || now || listed || isTimedWait(owner, target);
	}

	private static boolean isTimedWait(JavaClass owner, AccessTarget.CodeUnitAccessTarget target) {
		return !target.getRawParameterTypes().isEmpty() && WAITS.entrySet()
			.stream()
			.filter((each) -> each.getValue().equals(target.getName()))
			.anyMatch((each) -> (each.getKey() == Object.class) ? owner.isEquivalentTo(Object.class)
					: owner.isAssignableTo(each.getKey()));
	}

	static boolean isSystemsOutsideOfConstructors(JavaAccess<?> access) {
		if (!(access instanceof JavaCodeUnitAccess<?> call) || call.getOrigin() instanceof JavaConstructor) {
			return false;
		}
		AccessTarget.CodeUnitAccessTarget target = call.getTarget();
		return (target.getOwner().isEquivalentTo(Environment.class) && target.getName().equals("system"))
				|| (target.getOwner().isEquivalentTo(Loops.class) && target.getName().equals("<init>"));
	}

}
