/**
 * How often clients may do something: the one place that every entry point asks. Imports
 * the hub, the properties and {@code RefusedException}. Nothing here is for applications.
 */
@NullMarked
package dev.realtime.spring.rates;

import org.jspecify.annotations.NullMarked;
