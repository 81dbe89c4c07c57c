package dev.realtime.spring.inspect;

import java.util.List;
import java.util.Map;

/**
 * What nodes answered.
 *
 * @param answers each has the member {@code node}; this node's is the first
 * @param missing names of nodes that answered lately, and not this time
 * @param asked whether the question was sent; false if the relay is away
 */
record FleetAnswers(List<Map<String, Object>> answers, List<String> missing, boolean asked) {

	FleetAnswers {
		answers = List.copyOf(answers);
		missing = List.copyOf(missing);
	}

}
