package dev.realtime.conformance.scene;

/**
 * One thing that a client should do.
 *
 * @param id group and name, such as {@code recovery/cut}
 * @param level what it means for the result
 * @param section the heading's anchor in {@code docs/protocol.md}
 * @param why what goes wrong in an application if the client does not do it
 * @param alone whether it changes all topics of the node, so that no other case may run
 * @param database whether it needs a node that keeps its topics in a database
 * @param body what happens
 */
public record Case(String id, Level level, String section, String why, boolean alone, boolean database, Body body) {

	/** A required case. */
	public static Case required(String id, String section, String why, Body body) {
		return new Case(id, Level.REQUIRED, section, why, false, false, body);
	}

	/** An optional case. */
	public static Case optional(String id, String section, String why, Body body) {
		return new Case(id, Level.OPTIONAL, section, why, false, false, body);
	}

	/** Returns the same case, to be run while no other case runs. */
	public Case withoutOthers() {
		return new Case(this.id, this.level, this.section, this.why, true, this.database, this.body);
	}

	/** Returns the same case, for a node that keeps its topics in a database. */
	public Case onDatabase() {
		return new Case(this.id, this.level, this.section, this.why, this.alone, true, this.body);
	}

	/** Returns what stands before the slash. */
	public String group() {
		return this.id.substring(0, this.id.indexOf('/'));
	}

	/** What happens in a case. */
	@FunctionalInterface
	public interface Body {

		/**
		 * Plays the case.
		 * @throws CaseFailure if the client does not do what it should
		 * @throws CaseSkipped if the case does not concern this client
		 */
		void play(Scene scene);

	}

}
