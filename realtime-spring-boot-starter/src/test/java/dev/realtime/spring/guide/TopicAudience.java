package dev.realtime.spring.guide;

/** The receiver's own. */
public interface TopicAudience {

	/**
	 * A topic has got its first subscriber on a node, or lost its last one.
	 * @param id of the request, which may come again
	 */
	void changed(String id, String json);

}
