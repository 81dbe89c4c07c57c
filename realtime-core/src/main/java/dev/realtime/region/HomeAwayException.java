package dev.realtime.region;

/**
 * A publication could not be forwarded to the home of its topic. It is the cause of the
 * {@link dev.realtime.PublishException}, and tells nothing about this region's own store.
 */
public final class HomeAwayException extends RuntimeException {

	/** The sentence is that of the publication's failure. */
	public HomeAwayException(String why) {
		super(why);
	}

}
