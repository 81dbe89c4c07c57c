package dev.realtime.restriction;

/**
 * A state of the list of restrictions.
 *
 * @param epoch names a life of the list; another one means that changes may be lost
 * @param number counts the changes
 */
public record Revision(String epoch, long number) {

	/** Before the first reading. */
	public static final Revision NONE = new Revision("", -1);

}
