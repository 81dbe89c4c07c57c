package dev.realtime.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.UrlResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Explains why Spring Data no longer finds a repository: the starter brings Spring Data
 * Redis, and of several modules each takes only the repositories that say that they are
 * its own. Comes before Boot's analyzer, which would say that the bean is not there.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
class MissingRepositoryFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {

	private static final String REPOSITORY = "org.springframework.data.repository.Repository";

	/** Under this key each module of Spring Data names its factories. */
	private static final String FACTORIES = "org.springframework.data.repository.core.support.RepositoryFactorySupport";

	/** The modules that come with the starter. */
	private static final Set<String> REDIS = Set.of("KeyValueRepositoryFactory", "RedisRepositoryFactory");

	private final @Nullable ClassLoader classes;

	MissingRepositoryFailureAnalyzer() {
		this(ClassUtils.getDefaultClassLoader());
	}

	/** Looks for the modules of Spring Data in the given class loader. */
	MissingRepositoryFailureAnalyzer(@Nullable ClassLoader classes) {
		this.classes = classes;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
		ResolvableType type = cause.getResolvableType();
		Class<?> wanted = (type != null) ? type.resolve() : null;
		if (cause.getNumberOfBeansFound() > 0 || wanted == null || !isRepository(wanted)) {
			return null;
		}
		Set<String> modules = modules();
		if (REDIS.containsAll(modules) || !modules.containsAll(REDIS)) {
			return null;
		}
		Class<?> entity = ResolvableType.forClass(wanted).as(repository()).getGeneric(0).resolve();
		String name = (entity != null) ? entity.getName() : "its entity";
		return new FailureAnalysis("There is no bean of the Spring Data repository " + wanted.getName()
				+ ". Several modules of Spring Data are on the class path (" + String.join(", ", modules)
				+ "), one of them through the realtime starter, so each module accepts only repositories that it "
				+ "recognizes as its own.",
				"Annotate " + name
						+ " for its module (@Table for JDBC, @Entity for JPA, @Document for MongoDB), let the "
						+ "repository extend an interface of its module, such as JpaRepository, or name it in the "
						+ "includeFilters of @EnableJdbcRepositories, @EnableJpaRepositories or the equivalent "
						+ "of your module. With realtime.broker=memory you may exclude "
						+ "spring-boot-starter-data-redis from the starter instead.",
				cause);
	}

	private boolean isRepository(Class<?> type) {
		return ClassUtils.isPresent(REPOSITORY, this.classes) && type.isInterface()
				&& repository().isAssignableFrom(type);
	}

	private Class<?> repository() {
		return ClassUtils.resolveClassName(REPOSITORY, this.classes);
	}

	private Set<String> modules() {
		ClassLoader loader = (this.classes != null) ? this.classes : ClassLoader.getSystemClassLoader();
		Set<String> modules = new TreeSet<>();
		try {
			for (URL file : Collections.list(loader.getResources("META-INF/spring.factories"))) {
				String names = PropertiesLoaderUtils.loadProperties(new UrlResource(file)).getProperty(FACTORIES);
				for (String name : StringUtils.commaDelimitedListToStringArray(names)) {
					modules.add(ClassUtils.getShortName(name.strip()));
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return modules;
	}

}
