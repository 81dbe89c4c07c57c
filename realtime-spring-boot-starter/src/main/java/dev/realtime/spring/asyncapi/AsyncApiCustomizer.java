package dev.realtime.spring.asyncapi;

import java.util.Map;

/**
 * Changes the AsyncAPI document before it is served: adds what the annotations do not
 * say, such as topics that are published with code, or removes what strangers must not
 * see. Beans of this type are called in their order.
 * <p>
 * It is called once, on the thread of the first request. If it throws, no document is
 * served, because it may have been about to remove something, and the next request calls
 * it again.
 */
@FunctionalInterface
public interface AsyncApiCustomizer {

	/**
	 * Changes the document.
	 * @param document the document, as maps, lists, strings, numbers and booleans that
	 * can be changed. It has {@code servers} only if {@code realtime.asyncapi.server-url}
	 * is set; if it still has none afterwards, the server is where the document is
	 * requested
	 */
	void customize(Map<String, Object> document);

}
