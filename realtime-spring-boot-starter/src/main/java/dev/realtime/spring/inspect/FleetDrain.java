package dev.realtime.spring.inspect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

import dev.realtime.spring.inspect.NodeInspection.About;

/**
 * Takes a node of the fleet out of service, and back. The node is told over the relay
 * unless it is this one. Safe for any number of threads; does not block.
 */
public final class FleetDrain {

	private final FleetInspection fleet;

	private final String node;

	FleetDrain(FleetInspection fleet, String node) {
		this.fleet = fleet;
		this.node = node;
	}

	/**
	 * Has a node send its clients to others and refuse new ones, until it is resumed.
	 * @param node its id
	 * @param by who has asked for it; the node logs that
	 * @return completes with the {@code outcome} when the node has begun: {@code done},
	 * {@code unchanged} if it was out of service before, {@code failed} if it cannot do
	 * that, {@code no-answer} if it or the relay does not answer, and {@code unknown} if
	 * no node that answers has this id. The last three have a {@code problem}
	 */
	public CompletionStage<Map<String, Object>> drain(String node, String by) {
		return command(About.DRAIN, node, by);
	}

	/**
	 * Has a node take clients again.
	 * @see #drain
	 */
	public CompletionStage<Map<String, Object>> resume(String node, String by) {
		return command(About.RESUME, node, by);
	}

	private CompletionStage<Map<String, Object>> command(About command, String to, String by) {
		if (to.equals(this.node)) {
			return this.fleet.ask(command, by, false).thenApply((own) -> own.answers().get(0));
		}
		return this.fleet.tell(command, by, to).thenCompose((found) -> {
			if (found.answers().isEmpty()) {
				return found.asked() ? this.fleet.ask(About.NODE, "", true).thenApply((nodes) -> silent(to, nodes))
						: CompletableFuture.completedFuture(failure(to, "no-answer",
								"The relay cannot be reached now, so no other node can be told. Ask the node itself"));
			}
			Map<String, Object> answer = new LinkedHashMap<>(found.answers().get(0));
			answer.putIfAbsent("outcome", "failed");
			return CompletableFuture.completedFuture(answer);
		});
	}

	/** It is not known whether it has heard the command. */
	private Map<String, Object> silent(String to, FleetAnswers nodes) {
		List<String> answering = nodes.answers().stream().map((each) -> String.valueOf(each.get("node"))).toList();
		if (nodes.missing().contains(to) || answering.contains(to)) {
			return failure(to, "no-answer", "Node " + to + " did not answer within " + FleetInspection.TIME.toSeconds()
					+ " s. If it runs, it may have carried out the command: look at its state, and repeat the command");
		}
		return failure(to, "unknown", "No node with the id " + to + " answers. These do: "
				+ answering.stream().sorted().collect(Collectors.joining(", ")));
	}

	private static Map<String, Object> failure(String node, String outcome, String sentence) {
		Map<String, Object> answer = new LinkedHashMap<>();
		answer.put("node", node);
		answer.put("outcome", outcome);
		answer.put("problem", sentence);
		return answer;
	}

}
