/**
 * How often clients may do something: the one place that every entry point asks. Imports
 * the hub, the properties and {@code RefusedException}. Nothing here is for applications.
 * <p>
 * API: {@link dev.realtime.spring.rates.RateLimitedException}.
 */
@NullMarked
package dev.realtime.spring.rates;

import org.jspecify.annotations.NullMarked;
