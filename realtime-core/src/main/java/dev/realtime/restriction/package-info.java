/**
 * What users, tokens and connections may no longer do, on all nodes, until it expires.
 * Imports the root package only.
 * <p>
 * API: {@link dev.realtime.restriction.RestrictionStore},
 * {@link dev.realtime.restriction.MemoryRestrictionStore},
 * {@link dev.realtime.restriction.Restriction},
 * {@link dev.realtime.restriction.RestrictionList},
 * {@link dev.realtime.restriction.Revision} and
 * {@link dev.realtime.restriction.StoredRestriction}.
 */
@NullMarked
package dev.realtime.restriction;

import org.jspecify.annotations.NullMarked;
