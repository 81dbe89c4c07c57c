package dev.realtime.spring.isolation;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.realtime.spring.json.JsonObject;

/**
 * What a node says of itself to others.
 *
 * @param node its name
 * @param reaching whether it reaches the relay and takes clients
 */
public record NodeReport(String node, boolean reaching) {

	private static final String NODE = "node";

	private static final String RELAY = "relay";

	private static final String REACHED = "reached";

	/**
	 * Reads what {@link #members()} became.
	 * @throws IllegalArgumentException if it is something else
	 */
	static NodeReport parse(String json) {
		JsonObject object = JsonObject.parse(json);
		String node = object.string(NODE);
		String relay = object.string(RELAY);
		if (node == null || relay == null) {
			throw new IllegalArgumentException("not the report of a node");
		}
		return new NodeReport(node, relay.equals(REACHED));
	}

	/** The members of the JSON object. */
	public Map<String, String> members() {
		Map<String, String> members = new LinkedHashMap<>();
		members.put(NODE, this.node);
		members.put(RELAY, this.reaching ? REACHED : "away");
		return members;
	}

}
