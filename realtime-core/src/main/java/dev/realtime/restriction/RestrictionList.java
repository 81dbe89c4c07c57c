package dev.realtime.restriction;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The list of restrictions as it is now.
 *
 * @param revision which state it is
 * @param entries all of them; null if nothing has changed since the revision that was
 * asked about
 */
public record RestrictionList(Revision revision, @Nullable List<StoredRestriction> entries) {
}
