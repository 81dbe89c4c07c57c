/**
 * What clients are refused, for those who operate the application: events, a counter and
 * lines of the log. Imports the properties and the loops alone.
 * <p>
 * API: {@link dev.realtime.spring.audit.SecurityEvent} and
 * {@link dev.realtime.spring.audit.Door}.
 */
@NullMarked
package dev.realtime.spring.audit;

import org.jspecify.annotations.NullMarked;
