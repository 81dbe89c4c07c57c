package dev.realtime.spring.ticket;

import dev.realtime.loop.Loops;
import dev.realtime.spring.FleetRedis;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.jdbc.JdbcFleet;
import dev.realtime.spring.security.ConnectAuthenticators;
import dev.realtime.spring.security.OwnAuthenticator;
import dev.realtime.spring.security.TopicAuthorization;
import dev.realtime.spring.security.TopicAccessAutoConfiguration;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;

/** Auto-configuration of tickets, with {@code realtime.security.tickets=true}. */
@AutoConfiguration(after = { RealtimeAutoConfiguration.class, TopicAccessAutoConfiguration.class })
@ConditionalOnProperty(name = "realtime.security.tickets", havingValue = "true")
@ConditionalOnBean(ConnectAuthenticators.class)
public class RealtimeTicketAutoConfiguration {

	/** Most tickets that a node without Redis keeps at once. */
	static final int MOST = 100_000;

	@Bean
	Tickets realtimeTickets(ObjectProvider<TicketStore> stores, ObjectProvider<TicketPrincipals> principals,
			ConnectAuthenticators authenticators, TopicAuthorization topics, RealtimeProperties properties) {
		return new Tickets(stores.getIfAvailable(() -> new MemoryTicketStore(MOST)), properties.security().ticketTime(),
				principals.getIfAvailable(TicketPrincipals::new), authenticators, topics::grants);
	}

	@Bean
	OwnAuthenticator realtimeTicketAuthenticator(Tickets tickets) {
		return new OwnAuthenticator(new TicketAuthenticator(tickets));
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "org.springframework.data.redis.connection.RedisConnectionFactory")
	@ConditionalOnBean(FleetRedis.class)
	static class Redis {

		@Bean
		@ConditionalOnMissingBean
		TicketStore realtimeTicketStore(FleetRedis redis, RealtimeProperties properties, Loops loops) {
			if (redis.isSharded()) {
				return new ShardedTicketStore(redis.link(loops, "realtime-redis-tickets"), redis.keys(),
						properties.security().ticketTime());
			}
			return new RedisTicketStore(redis.factory(), redis.keys(), properties.security().ticketTime());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "org.springframework.jdbc.datasource.DataSourceUtils")
	@ConditionalOnBean(JdbcFleet.class)
	static class Jdbc {

		@Bean
		@ConditionalOnMissingBean
		TicketStore realtimeTicketStore(JdbcFleet fleet) {
			return fleet.isPostgresql() ? new JdbcTicketStore(fleet.database()) : new MemoryTicketStore(MOST);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(UsernamePasswordAuthenticationToken.class)
	static class SpringSecurity {

		@Bean
		TicketPrincipals realtimeTicketPrincipals() {
			return new SecurityTicketPrincipals();
		}

	}

}
