package dev.realtime.spring;

import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/** What the code of the starter keeps to; see {@code docs/internals/concurrency.md}. */
@AnalyzeClasses(packages = "dev.realtime.spring", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	/** Their tasks run on the JDK's one timer thread, or on the common pool. */
	private static final Set<String> TIMERS = Set.of("orTimeout", "completeOnTimeout", "delayedExecutor");

	/**
	 * The application uses the common pool, too, and may keep all of its threads busy. A
	 * task on the JDK's timer thread delays every timeout in the process.
	 */
	@ArchTest
	static final ArchRule nothingRunsOnThreadsOfTheJdk = noClasses().should()
		.accessTargetWhere(DescribedPredicate.describe("uses the common pool or the timer of the JDK",
				ArchitectureTests::usesThreadsOfTheJdk));

	/** Applications without Springwolf do not have its classes. */
	@ArchTest
	static final ArchRule onePackageKnowsSpringwolf = noClasses().that()
		.resideOutsideOfPackage("dev.realtime.spring.asyncapi.springwolf")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("io.github.springwolf..");

	private static boolean usesThreadsOfTheJdk(JavaAccess<?> access) {
		if (!(access instanceof JavaCodeUnitAccess<?> call)) {
			return false;
		}
		AccessTarget.CodeUnitAccessTarget target = call.getTarget();
		boolean withExecutor = target.getRawParameterTypes()
			.stream()
			.anyMatch((type) -> type.isEquivalentTo(Executor.class));
		boolean ofAStage = target.getOwner().isAssignableTo(CompletionStage.class);
		return (ofAStage
				&& (TIMERS.contains(target.getName()) || (target.getName().endsWith("Async") && !withExecutor)))
				|| target.getOwner().isEquivalentTo(ForkJoinPool.class) || target.getName().equals("parallel")
				|| target.getName().equals("parallelStream");
	}

}
