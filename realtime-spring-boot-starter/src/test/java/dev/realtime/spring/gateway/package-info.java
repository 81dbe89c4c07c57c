/** Tests of gateways without a server. */
@NullMarked
package dev.realtime.spring.gateway;

import org.jspecify.annotations.NullMarked;
