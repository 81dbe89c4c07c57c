package dev.realtime.bench.trial;

import java.util.List;

/**
 * What a run found, or several together.
 *
 * @param deployment its address
 * @param connections subscribers
 * @param topics of the run that had most
 */
public record Result(String deployment, int connections, int topics, List<Phase> phases) {

	public Result {
		phases = List.copyOf(phases);
	}

	/** Whether every delivery of all phases was exact. */
	public boolean isExact() {
		return this.phases.stream().allMatch(Phase::isExact);
	}

	/**
	 * Both together.
	 * @throws IllegalArgumentException if they had different phases
	 */
	Result and(Result other) {
		List<String> names = this.phases.stream().map(Phase::name).toList();
		if (!names.equals(other.phases.stream().map(Phase::name).toList())) {
			throw new IllegalArgumentException("The files have different phases: " + names + " and "
					+ other.phases.stream().map(Phase::name).toList());
		}
		List<Phase> both = new java.util.ArrayList<>();
		for (int i = 0; i < this.phases.size(); i++) {
			both.add(this.phases.get(i).and(other.phases.get(i)));
		}
		return new Result(this.deployment, this.connections + other.connections, Math.max(this.topics, other.topics),
				both);
	}

}
