package dev.realtime.spring.publisher;

import java.util.List;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.support.SpringFactoriesLoader;

/**
 * Waits in coroutines of Kotlin, of which this module knows nothing. The module
 * {@code realtime-kotlin} brings the implementation, which is found in
 * {@code META-INF/spring.factories}. Not meant for applications.
 */
public interface SuspendingCalls {

	/**
	 * Suspends the coroutine that calls a function until the stage completes, and then
	 * returns or throws its outcome there.
	 * @param unit whether the function returns nothing
	 * @param continuation the last argument of the function, as the compiler has added it
	 * @return what the function must return to its caller now
	 */
	@Nullable Object await(CompletionStage<?> stage, boolean unit, Object continuation);

	/** Returns the implementation, or null when there is none. */
	static @Nullable SuspendingCalls find(@Nullable ClassLoader classes) {
		List<SuspendingCalls> found = SpringFactoriesLoader.loadFactories(SuspendingCalls.class, classes);
		return found.isEmpty() ? null : found.get(0);
	}

}
