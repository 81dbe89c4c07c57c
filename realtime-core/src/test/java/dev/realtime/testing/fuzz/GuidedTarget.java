package dev.realtime.testing.fuzz;

import java.lang.reflect.Constructor;

import org.jspecify.annotations.Nullable;

/** What Jazzer calls, by the names of these methods. */
public final class GuidedTarget {

	private static @Nullable FuzzContract target;

	private GuidedTarget() {
	}

	/** Takes the name of the target's class. */
	public static void fuzzerInitialize(String[] arguments) throws ReflectiveOperationException {
		Constructor<?> constructor = Class.forName(arguments[0]).getDeclaredConstructor();
		constructor.setAccessible(true);
		target = (FuzzContract) constructor.newInstance();
	}

	/** Takes the next input. */
	public static void fuzzerTestOneInput(byte[] input) throws Exception {
		if (target != null) {
			target.check(input);
		}
	}

}
