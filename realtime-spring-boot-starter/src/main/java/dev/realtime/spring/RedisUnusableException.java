package dev.realtime.spring;

/** The application's Redis client is one that the engine cannot work with. */
class RedisUnusableException extends RuntimeException {

	private final String action;

	/**
	 * Reports a client.
	 * @param why what is wrong, as a sentence
	 * @param action what to do, as a sentence
	 */
	RedisUnusableException(String why, String action) {
		super(why);
		this.action = action;
	}

	String action() {
		return this.action;
	}

}
