package dev.realtime.spring;

import dev.realtime.loop.Loops;
import dev.realtime.relay.Relay;
import dev.realtime.relay.nats.NatsRelay;
import dev.realtime.relay.nats.NatsRelayOptions;
import io.nats.client.Connection;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The relay over NATS, for {@code realtime.relay.type=nats}. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(Connection.class)
@ConditionalOnProperty(name = RelayProperties.TYPE, havingValue = "nats")
class NatsRelayConfiguration {

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean
	Relay realtimeRelay(RelayProperties properties, ObjectProvider<SslBundles> bundles, Loops loops) {
		NatsProperties nats = properties.nats();
		return NatsRelay.of(new NatsRelayOptions(nats.servers(), nats.username(), nats.password(), nats.token(),
				nats.credentials(), nats.prefix(), nats.timeout(), nats.pending().toBytes(),
				BundleTls.of("realtime.relay.nats.ssl-bundle", nats.sslBundle(), bundles)), loops);
	}

}
