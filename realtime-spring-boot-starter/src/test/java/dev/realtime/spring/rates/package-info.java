/** Tests of rates. */
@NullMarked
package dev.realtime.spring.rates;

import org.jspecify.annotations.NullMarked;
