package dev.realtime.testing;

/** Throws checked exceptions that no signature declares, as Kotlin does. */
public final class Sneaky {

	private Sneaky() {
	}

	/**
	 * Throws it, and returns nothing: the type is for a {@code throw} of the caller's.
	 */
	public static RuntimeException sneak(Throwable failure) {
		Sneaky.<RuntimeException>hide(failure);
		throw new AssertionError("not reached");
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void hide(Throwable failure) throws T {
		throw (T) failure;
	}

}
