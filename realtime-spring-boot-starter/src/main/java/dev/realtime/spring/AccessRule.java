package dev.realtime.spring;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Which clients may do what on the topics of one pattern. What is null is not said here.
 *
 * @param pattern which topics
 * @param read who may subscribe and read the history
 * @param publish who may send straight to the topic
 * @param members who may see who is on the topic
 */
public record AccessRule(RulePattern pattern, @Nullable List<Grant> read, @Nullable List<Grant> publish,
		@Nullable List<Grant> members) {

	/** Says nothing about any topic. */
	static final AccessRule NONE = new AccessRule(new RulePattern("**"), null, null, null);

	boolean asksForAuthorities() {
		return Stream.of(this.read, this.publish, this.members)
			.filter(Objects::nonNull)
			.flatMap(List::stream)
			.anyMatch(Grant.Authority.class::isInstance);
	}

	/** Whether anything is said here. */
	public boolean isDeclared() {
		return this.read != null || this.publish != null || this.members != null;
	}

}
