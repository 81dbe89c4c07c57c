package dev.realtime;

import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * The rooms of the core and the arrows between them; see
 * {@code docs/internals/architecture.md}.
 */
@AnalyzeClasses(packages = ArchitectureTests.BASE, importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	static final String BASE = "dev.realtime";

	private static final String ROOT = "";

	/** They use a thread of the JDK's. */
	private static final Set<String> TIMERS = Set.of("orTimeout", "completeOnTimeout", "delayedExecutor");

	/**
	 * Each room, by its package below the base, and the other rooms that it may import.
	 */
	static final Map<String, Set<String>> ARROWS = Map.ofEntries(Map.entry(ROOT, Set.of()), Map.entry("loop", Set.of()),
			Map.entry("partition", Set.of(ROOT)), Map.entry("codec", Set.of(ROOT, "loop")),
			Map.entry("log", Set.of(ROOT)), Map.entry("sequence", Set.of(ROOT)),
			Map.entry("relay", Set.of(ROOT, "loop", "codec")), Map.entry("unread", Set.of(ROOT, "loop", "log")),
			Map.entry("unread.jdbc", Set.of(ROOT, "loop", "unread", "jdbc", "log.jdbc")), Map.entry("json", Set.of()),
			Map.entry("presence", Set.of(ROOT, "loop", "json")), Map.entry("stomp", Set.of(ROOT)),
			Map.entry("redis", Set.of(ROOT, "loop", "partition")), Map.entry("restriction", Set.of(ROOT, "loop")),
			Map.entry("occupancy", Set.of(ROOT, "loop")),
			Map.entry("occupancy.redis", Set.of(ROOT, "loop", "partition", "redis", "occupancy")),
			Map.entry("rate", Set.of()), Map.entry("rate.redis", Set.of(ROOT, "redis", "rate")),
			Map.entry("restriction.redis", Set.of(ROOT, "loop", "partition", "redis", "restriction")),
			Map.entry("broker", Set.of(ROOT, "loop", "log", "sequence", "relay")),
			Map.entry("journey", Set.of(ROOT, "loop")), Map.entry("delivery", Set.of(ROOT, "loop", "journey")),
			Map.entry("feed", Set.of(ROOT, "loop", "broker", "log", "relay", "journey", "delivery")),
			Map.entry("connection", Set.of(ROOT, "loop", "log", "journey", "delivery", "feed")),
			Map.entry("hub",
					Set.of(ROOT, "loop", "broker", "log", "relay", "journey", "delivery", "feed", "connection")),
			Map.entry("node",
					Set.of(ROOT, "loop", "log", "sequence", "relay", "presence", "stomp", "broker", "journey",
							"delivery", "connection", "hub")),
			Map.entry("balance", Set.of(ROOT, "loop", "node")),
			Map.entry("isolation", Set.of(ROOT, "loop", "node", "broker", "hub")),
			Map.entry("isolation.jdbc", Set.of(ROOT, "loop", "isolation", "jdbc")),
			Map.entry("log.redis", Set.of(ROOT, "loop", "codec", "redis", "log")),
			Map.entry("sequence.redis", Set.of(ROOT, "redis", "sequence")),
			Map.entry("relay.redis", Set.of(ROOT, "loop", "codec", "partition", "redis", "relay")),
			Map.entry("presence.redis", Set.of(ROOT, "loop", "codec", "partition", "redis", "presence")),
			Map.entry("relay.postgres", Set.of(ROOT, "loop", "relay", "jdbc", "log.jdbc")),
			Map.entry("presence.jdbc", Set.of(ROOT, "loop", "presence", "jdbc", "log.jdbc")),
			Map.entry("restriction.jdbc", Set.of(ROOT, "loop", "restriction", "jdbc")),
			Map.entry("broker.redis",
					Set.of(ROOT, "loop", "codec", "partition", "redis", "broker", "log", "sequence", "relay",
							"log.redis", "sequence.redis", "relay.redis")),
			Map.entry("relay.nats", Set.of(ROOT, "loop", "relay")),
			Map.entry("relay.rabbit", Set.of(ROOT, "loop", "relay")),
			Map.entry("relay.kafka", Set.of(ROOT, "loop", "partition", "relay")),
			Map.entry("region", Set.of(ROOT, "loop", "codec", "broker", "log", "sequence", "relay")),
			Map.entry("region.kafka", Set.of("loop", "codec", "partition", "region", "relay.kafka")),
			Map.entry("jdbc", Set.of("loop")), Map.entry("counts.jdbc", Set.of(ROOT, "jdbc")),
			Map.entry("log.jdbc", Set.of(ROOT, "loop", "jdbc", "log", "counts.jdbc")),
			Map.entry("deadletter.jdbc", Set.of(ROOT, "loop", "jdbc", "log.jdbc")),
			Map.entry("outbox.jdbc", Set.of(ROOT, "jdbc", "log.jdbc", "deadletter.jdbc")),
			Map.entry("retention.jdbc", Set.of(ROOT, "jdbc", "log.jdbc")),
			Map.entry("numbering.jdbc",
					Set.of(ROOT, "loop", "sequence", "jdbc", "log.jdbc", "counts.jdbc", "retention.jdbc")),
			Map.entry("broker.jdbc", Set.of(ROOT, "loop", "broker", "log", "sequence", "relay", "jdbc", "log.jdbc",
					"outbox.jdbc", "deadletter.jdbc", "retention.jdbc", "numbering.jdbc")));

	@ArchTest
	static final ArchRule roomsImportOnlyWhatTheirArrowsAllow = classes().should(followTheArrows());

	@ArchTest
	static final ArchRule roomsHaveNoCycles = slices().matching(BASE + ".(**)").should().beFreeOfCycles();

	@ArchTest
	static final ArchRule lettuceIsSeenInRedisPackagesOnly = noClasses().that()
		.resideOutsideOfPackage("..redis..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("io.lettuce..", "io.netty..");

	@ArchTest
	static final ArchRule sqlIsSeenInJdbcPackagesOnly = noClasses().that()
		.resideOutsideOfPackages("..jdbc..", "..postgres..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("java.sql..", "javax.sql..");

	@ArchTest
	static final ArchRule theDriverOfPostgresqlIsSeenInItsRelayOnly = noClasses().that()
		.resideOutsideOfPackage("..postgres..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.postgresql..");

	@ArchTest
	static final ArchRule theClientsOfEnginesAreSeenInTheirRelaysOnly = noClasses().that()
		.resideOutsideOfPackages("..nats..", "..rabbit..", "..kafka..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("io.nats..", "com.rabbitmq..", "org.apache.kafka..");

	@ArchTest
	static final ArchRule theCoreKnowsNoSpring = noClasses().should()
		.dependOnClassesThat()
		.resideInAPackage("org.springframework..");

	@ArchTest
	static final ArchRule namesSayWhatATypeDoes = noClasses().should()
		.haveNameMatching(".*(Impl|Manager|Helper|Utils?)");

	@ArchTest
	static final ArchRule nobodyUsesJavaUtilLogging = noClasses().should()
		.dependOnClassesThat()
		.resideInAPackage("java.util.logging..");

	/**
	 * A thread, a pool or a timer beside the loops could end with an error and without a
	 * trace.
	 */
	@ArchTest
	static final ArchRule onlyLoopsHaveThreadsAndTimers = noClasses().that()
		.resideOutsideOfPackage(BASE + ".loop")
		.should()
		.accessTargetWhere(
				DescribedPredicate.describe("makes a thread, a pool or a timer", ArchitectureTests::makesAThread))
		.orShould()
		.beAssignableTo(Thread.class);

	/**
	 * Whatever reads a clock, draws a number or waits beside the environment cannot be
	 * replayed from a seed.
	 */
	@ArchTest
	static final ArchRule timeAndRandomnessComeFromTheEnvironment = noClasses().that()
		.resideOutsideOfPackage(BASE + ".loop")
		.should()
		.accessTargetWhere(DescribedPredicate.describe("reads a clock, draws a random number or waits by itself",
				HiddenTime::isIn));

	/** Where no environment is given, the system's is the default, decided once. */
	@ArchTest
	static final ArchRule theSystemsEnvironmentIsTheDefaultOfConstructorsOnly = noClasses().that()
		.resideOutsideOfPackage(BASE + ".loop")
		.should()
		.accessTargetWhere(DescribedPredicate.describe("takes the system's environment outside of a constructor",
				HiddenTime::isSystemsOutsideOfConstructors));

	@ArchTest
	static final ArchRule nobodyPrints = GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

	private static boolean makesAThread(JavaAccess<?> access) {
		if (!(access instanceof JavaCodeUnitAccess<?> call)) {
			return false;
		}
		AccessTarget.CodeUnitAccessTarget target = call.getTarget();
		JavaClass owner = target.getOwner();
		boolean constructor = target.getName().equals("<init>");
		boolean withExecutor = target.getRawParameterTypes()
			.stream()
			.anyMatch((type) -> type.isEquivalentTo(Executor.class));
		return (constructor && (owner.isAssignableTo(Thread.class) || owner.isAssignableTo(Timer.class)
				|| owner.isAssignableTo(ExecutorService.class))) || owner.isEquivalentTo(Executors.class)
				|| owner.isEquivalentTo(ForkJoinPool.class)
				|| (owner.isAssignableTo(ScheduledExecutorService.class) && target.getName().startsWith("schedule"))
				|| (owner.isAssignableTo(CompletionStage.class)
						&& (TIMERS.contains(target.getName()) || (target.getName().endsWith("Async") && !withExecutor)))
				|| target.getName().equals("parallel") || target.getName().equals("parallelStream");
	}

	private static ArchCondition<JavaClass> followTheArrows() {
		return new ArchCondition<>("import only the rooms that their own room may import") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				String room = room(type);
				Set<String> allowed = ARROWS.get(room);
				if (allowed == null) {
					events.add(SimpleConditionEvent.violated(type,
							type.getName() + " is in a room that ArchitectureTests does not know: \"" + room + '"'));
					return;
				}
				type.getDirectDependenciesFromSelf()
					.stream()
					.filter((dependency) -> isOurs().test(dependency.getTargetClass().getBaseComponentType()))
					.filter((dependency) -> !isAllowed(room, allowed, dependency))
					.forEach((dependency) -> events
						.add(SimpleConditionEvent.violated(dependency, dependency.getDescription())));
			}

		};
	}

	private static boolean isAllowed(String room, Set<String> allowed, Dependency dependency) {
		String target = room(dependency.getTargetClass().getBaseComponentType());
		return target.equals(room) || allowed.contains(target);
	}

	private static DescribedPredicate<JavaClass> isOurs() {
		return JavaClass.Predicates.resideInAPackage(BASE + "..");
	}

	private static String room(JavaClass type) {
		String name = type.getPackageName();
		return name.equals(BASE) ? ROOT : name.substring(BASE.length() + 1);
	}

}
