package dev.realtime.spring.security;

import java.security.Principal;
import java.util.ArrayList;
import java.util.List;

import dev.realtime.Topic;
import dev.realtime.spring.AccessRule;
import dev.realtime.spring.Grant;
import dev.realtime.spring.RealtimeProperties;
import org.jspecify.annotations.Nullable;

/**
 * The grants of {@code realtime.topics}. The first rule whose pattern matches a topic
 * decides, as it does about the topic's policy; what that rule does not set is taken from
 * {@code realtime.topic-defaults}. Immutable.
 */
final class AccessRules {

	private final List<AccessRule> rules = new ArrayList<>();

	private final boolean declared;

	private final Users users;

	/**
	 * Reads the rules.
	 * @throws dev.realtime.spring.InvalidRealtimePropertyException when one asks for an
	 * authority, and users have none
	 */
	AccessRules(RealtimeProperties properties, Users users) {
		this.users = users;
		this.rules.addAll(properties.accessRules(users.haveAuthorities()));
		this.declared = this.rules.stream().anyMatch(AccessRule::isDeclared);
	}

	/** Whether there is any grant. */
	boolean areDeclared() {
		return this.declared;
	}

	/** Returns what the rules say; null if they do not name the topic and the right. */
	@Nullable Boolean permit(TopicRight right, @Nullable Principal user, Topic topic) {
		for (AccessRule rule : this.rules) {
			if (rule.pattern().matches(topic)) {
				List<Grant> grants = grants(rule, right);
				return (grants != null) ? grants.stream().anyMatch((grant) -> permits(grant, user, topic, rule)) : null;
			}
		}
		return null;
	}

	/**
	 * Whether the rule that names the topic says {@code nobody} itself. What
	 * {@code realtime.topic-defaults} says is only for what nothing else opens: a rule
	 * that does not say has the very list of the defaults.
	 */
	@SuppressWarnings("ReferenceEquality")
	boolean close(TopicRight right, Topic topic) {
		AccessRule defaults = this.rules.get(this.rules.size() - 1);
		for (AccessRule rule : this.rules) {
			if (rule.pattern().matches(topic)) {
				List<Grant> grants = grants(rule, right);
				return rule != defaults && grants != null && grants != grants(defaults, right)
						&& grants.stream().allMatch(Grant.Nobody.class::isInstance);
			}
		}
		return false;
	}

	/** Who may read may also see members, and may publish where clients may at all. */
	private static @Nullable List<Grant> grants(AccessRule rule, TopicRight right) {
		List<Grant> own = switch (right) {
			case READ -> rule.read();
			case PUBLISH -> rule.publish();
			case MEMBERS -> rule.members();
		};
		return (own != null) ? own : rule.read();
	}

	private boolean permits(Grant grant, @Nullable Principal user, Topic topic, AccessRule rule) {
		if (grant instanceof Grant.Anyone) {
			return true;
		}
		if (user == null || !this.users.isKnown(user) || grant instanceof Grant.Nobody) {
			return false;
		}
		if (grant instanceof Grant.Authority authority) {
			return this.users.has(user, authority.name());
		}
		return !(grant instanceof Grant.Owner owner)
				|| rule.pattern().segment(topic, owner.segment()).equals(user.getName());
	}

}
