/**
 * What clients are refused, for those who operate the application: events, a counter and
 * lines of the log. Imports the properties and the loops alone.
 */
@NullMarked
package dev.realtime.spring.audit;

import org.jspecify.annotations.NullMarked;
