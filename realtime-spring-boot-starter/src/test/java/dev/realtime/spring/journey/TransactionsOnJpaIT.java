package dev.realtime.spring.journey;

import java.util.List;

import javax.sql.DataSource;

import dev.realtime.testing.RedisServer;
import jakarta.persistence.EntityManagerFactory;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.NestedTransactionNotSupportedException;
import org.springframework.transaction.PlatformTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The transactions are those of a {@link JpaTransactionManager} with Hibernate. */
class TransactionsOnJpaIT extends TransactionsContract {

	@Override
	ConfigurableApplicationContext node() {
		return DurableNode.start(List.of(JpaNode.class), RedisServer.shared().port(),
				"jdbc:h2:mem:jpa-transactions;DB_CLOSE_DELAY=-1");
	}

	@Test
	void theManagerIsThatOfJpa() {
		assertThat(transactionManager()).isInstanceOf(JpaTransactionManager.class);
	}

	/** Hibernate's dialect has no savepoints. */
	@Test
	@Override
	void whatASavepointTakesBackIsNotSeenAndTheRestIs() {
		assertThatExceptionOfType(NestedTransactionNotSupportedException.class)
			.isThrownBy(super::whatASavepointTakesBackIsNotSeenAndTheRestIs);
	}

	@Configuration(proxyBeanMethods = false)
	static class JpaNode {

		@Bean
		LocalContainerEntityManagerFactoryBean entityManagerFactory(DataSource dataSource) {
			LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
			factory.setDataSource(dataSource);
			factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
			factory.setPackagesToScan("no.entities");
			return factory;
		}

		@Bean
		PlatformTransactionManager transactionManager(EntityManagerFactory factory) {
			JpaTransactionManager manager = new JpaTransactionManager(factory);
			manager.setNestedTransactionAllowed(true);
			return manager;
		}

	}

}
