# Reference results for the data sets of this folder.
#
#   Rscript tests/reference/data/reference.R [FOLDER]   # default: the folder of this file
#
# Reads c_irls_daily.csv, c_irls_weekly.csv, e_gauss_clean.csv and d_series40.csv and
# writes expected.json.  Needs R with nlme, lme4, lmerTest, pbkrtest, metafor, jsonlite.
# A = comparator, B = active; every effect is B - A; negative = improvement.

suppressMessages({
  library(nlme); library(lme4); library(lmerTest); library(pbkrtest); library(metafor); library(jsonlite)
})

# ------------------------------------------------------------------ small tools

# A list without its missing or empty members; anything infinite stops the run.
fields <- function(...) {
  v <- list(...)
  v <- v[!vapply(v, function(z) is.null(z) || (length(z) == 1 && is.na(z)), logical(1))]
  for (k in names(v)) if (is.numeric(v[[k]])) {
    v[[k]] <- unname(v[[k]])
    if (!all(is.finite(v[[k]]))) stop("not finite: ", k)
  }
  v
}

read_set <- function(folder, name) {
  d <- read.csv(file.path(folder, paste0(name, ".csv")), na.strings = "")
  d$x <- as.integer(d$treatment == "B")
  d$y <- d$score
  d
}

# ------------------------------------------------------------------ cycle differences

# Mean of B scores minus mean of A scores in every cycle that has both.
cycle_differences <- function(d) {
  d <- d[!is.na(d$y), ]
  m <- tapply(d$y, list(d$cycle, d$x), mean)
  if (ncol(m) < 2) return(numeric(0))
  z <- m[, "1"] - m[, "0"]
  unname(z[!is.na(z)])
}

paired_t <- function(name, d) {
  z <- cycle_differences(d)
  t <- t.test(z)
  fields(dataset = name, method = "paired_t_cycle_means", term = "B-A", estimate = mean(z), se = sd(z) / sqrt(length(z)),
         df = t$parameter, ci_lo = t$conf.int[1], ci_hi = t$conf.int[2], stat = t$statistic, p = t$p.value,
         n = length(z), differences = I(z), rtol = 1e-8)
}

# All 2^C sign patterns of the cycle differences; the observed pattern is one of them.
randomisation <- function(name, d) {
  z <- cycle_differences(d)
  s <- as.matrix(expand.grid(rep(list(c(1, -1)), length(z))))
  t <- as.numeric(s %*% z) / length(z)
  e <- 1e-9 * max(1, abs(z))
  fields(dataset = name, method = "randomisation_within_cycle", term = "B-A", estimate = mean(z),
         p = mean(abs(t) >= abs(mean(z)) - e), p_less = mean(t <= mean(z) + e), p_greater = mean(t >= mean(z) - e),
         assignments = nrow(s), p_smallest_possible = 2 / nrow(s), n = length(z), rtol = 1e-8)
}

p_two_sided <- function(z, delta) {
  s <- as.matrix(expand.grid(rep(list(c(1, -1)), length(z))))
  t <- abs(as.numeric(s %*% (z - delta)))
  mean(t >= abs(sum(z - delta)) - 1e-9 * max(1, abs(z)))
}

# Inversion of that test: between the k-th smallest and the k-th largest of the 2^C - 1
# subset means the two-sided p is above 2k / 2^C; the level of the interval is 1 - 2k / 2^C.
exact_intervals <- function(name, d, nominal = 0.95) {
  z <- cycle_differences(d)
  n <- length(z)
  m <- sort(vapply(seq_len(2^n - 1), function(b) mean(z[bitwAnd(b, 2^(seq_len(n) - 1)) > 0]), numeric(1)))
  all <- lapply(seq_len(2^(n - 1) - 1), function(k) list(k = k, level = 1 - 2 * k / 2^n, ci_lo = m[k], ci_hi = m[2^n - k]))
  for (a in all) {                                   # the interval must be what inverting the test gives
    g <- 1e-6 * max(1, abs(z))
    stopifnot(p_two_sided(z, a$ci_lo - g) <= 2 * a$k / 2^n + 1e-12, p_two_sided(z, a$ci_lo + g) > 2 * a$k / 2^n,
              p_two_sided(z, a$ci_hi + g) <= 2 * a$k / 2^n + 1e-12, p_two_sided(z, a$ci_hi - g) > 2 * a$k / 2^n)
  }
  k <- floor((1 - nominal) * 2^(n - 1) + 1e-9)
  r <- fields(dataset = name, method = "exact_interval_within_cycle", term = "B-A", estimate = mean(z), n = n,
              nominal_level = nominal, k_for_nominal = k, k_reported = max(k, 1), level = all[[max(k, 1)]]$level,
              ci_lo = all[[max(k, 1)]]$ci_lo, ci_hi = all[[max(k, 1)]]$ci_hi, rtol = 1e-8)
  r$nominal_attainable <- k >= 1
  if (n <= 4) { r$subset_means <- I(m); r$intervals <- all }
  r
}

# ------------------------------------------------------------------ generalised least squares

# Exposure that decays by half every h time units on comparator days (h = 0: x itself).
exposure <- function(x, h) {
  if (h == 0) return(as.numeric(x))
  a <- numeric(length(x)); before <- 0
  for (i in seq_along(x)) { before <- if (x[i] == 1) 1 else before * 2^(-1 / h); a[i] <- before }
  a
}

gls_row <- function(name, d, model, structure, method, time_unit) {
  d <- d[!is.na(d$y), ]
  co <- if (structure == "corAR1") corAR1(form = ~time) else corCAR1(form = ~time)
  f <- gls(model, data = d, correlation = co, method = method)
  term <- all.vars(model)[2]
  s <- summary(f)$tTable
  n <- f$dims$N; df <- n - f$dims$p; q <- qt(0.975, df)
  fields(dataset = name, method = sprintf("gls %s %s %s", structure, deparse(model), method), term = "B-A",
         regressor = term, estimate = s[term, 1], se = s[term, 2], df = df, ci_lo = s[term, 1] - q * s[term, 2],
         ci_hi = s[term, 1] + q * s[term, 2], stat = s[term, 3], p = s[term, 4], n = n,
         intercept = s["(Intercept)", 1], intercept_se = s["(Intercept)", 2],
         slope = if ("time" %in% rownames(s)) s["time", 1], slope_se = if ("time" %in% rownames(s)) s["time", 2],
         phi = coef(f$modelStruct$corStruct, unconstrained = FALSE), sigma = f$sigma, loglik = as.numeric(logLik(f)),
         time_unit = time_unit, rtol = 2e-4, rtol_p = 1e-2, rtol_phi = 1e-3, rtol_sigma = 1e-3, atol_loglik = 1e-4)
}

single_person <- function(name, d, time_unit = "day", half_lives = NULL) {
  d$time <- if (time_unit == "week") d$day / 7 else d$day
  out <- list(paired_t(name, d), randomisation(name, d), exact_intervals(name, d))
  for (structure in c("corAR1", "corCAR1")) for (method in c("REML", "ML"))
    for (model in list(y ~ x, y ~ x + time)) out <- c(out, list(gls_row(name, d, model, structure, method, time_unit)))
  for (h in half_lives) {
    d$a <- exposure(d$x, h)
    r <- gls_row(name, d, y ~ a, "corAR1", "REML", time_unit)
    r$method <- sprintf("gls corAR1 y ~ a(h=%g) REML", h); r$half_life_days <- h
    out <- c(out, list(r))
  }
  out
}

# ------------------------------------------------------------------ several persons

mixed_rows <- function(name, d) {
  d <- d[!is.na(d$y), ]; d$person <- factor(d$person)
  f <- lmerTest::lmer(y ~ x + (x | person), data = d, REML = TRUE)
  v <- as.data.frame(VarCorr(f))
  sd0 <- v$sdcor[v$grp == "person" & v$var1 == "(Intercept)" & is.na(v$var2)]
  sd1 <- v$sdcor[v$grp == "person" & v$var1 == "x" & is.na(v$var2)]
  rho <- v$sdcor[v$grp == "person" & !is.na(v$var2)]
  lapply(c("Satterthwaite", "Kenward-Roger"), function(ddf) {
    s <- coef(summary(f, ddf = ddf)); q <- qt(0.975, s["x", "df"])
    r <- fields(dataset = name, method = paste("lmer y ~ x + (x | person) REML", ddf), term = "B-A",
                estimate = s["x", 1], se = s["x", 2], df = s["x", "df"], ci_lo = s["x", 1] - q * s["x", 2],
                ci_hi = s["x", 1] + q * s["x", 2], stat = s["x", "t value"], p = s["x", "Pr(>|t|)"], n = nrow(d),
                persons = nlevels(d$person), intercept = s["(Intercept)", 1], intercept_se = s["(Intercept)", 2],
                intercept_df = s["(Intercept)", "df"], sd_intercept = sd0, sd_effect = sd1,
                correlation_intercept_effect = rho, sd_residual = sigma(f), reml_criterion = REMLcrit(f),
                rtol = 1e-3, rtol_p = 1e-2, rtol_estimate = 1e-4, atol_reml_criterion = 1e-3)
    r$boundary_fit <- isSingular(f)
    r
  })
}

# Stage 1: two per-person estimates.
#   gls          : gls corAR1 REML y ~ x, its estimate and model standard error
#   cycle_pooled : mean of the cycle differences; squared SE = pooled within-person variance / number of cycles
stage1 <- function(d) {
  d <- d[!is.na(d$y), ]
  persons <- unique(d$person)
  z <- lapply(persons, function(p) cycle_differences(d[d$person == p, ]))
  n <- vapply(z, length, integer(1))
  v <- vapply(z, function(u) if (length(u) > 1) var(u) else 0, numeric(1))
  pooled <- sum((n - 1) * v) / sum(n - 1)
  one <- lapply(seq_along(persons), function(i) {
    q <- d[d$person == persons[i], ]; q <- q[order(q$day), ]
    f <- gls(y ~ x, data = q, correlation = corAR1(form = ~day))
    fields(person = persons[i], gls_estimate = coef(f)["x"], gls_se = sqrt(vcov(f)["x", "x"]),
           gls_phi = coef(f$modelStruct$corStruct, unconstrained = FALSE), gls_sigma = f$sigma, n = nrow(q),
           cycle_estimate = mean(z[[i]]), cycle_se_pooled = sqrt(pooled / n[i]), cycles = n[i])
  })
  list(pooled_variance = pooled, pooled_df = sum(n - 1), persons = one)
}

meta_rows <- function(name, s) {
  g <- function(k) vapply(s$persons, function(p) p[[k]], numeric(1))
  out <- list()
  for (src in c("gls", "cycle_pooled")) {
    yi <- if (src == "gls") g("gls_estimate") else g("cycle_estimate")
    vi <- (if (src == "gls") g("gls_se") else g("cycle_se_pooled"))^2
    for (method in c("REML", "DL", "PM")) for (test in c("z", "knha")) {
      f <- rma(yi = yi, vi = vi, method = method, test = test,
               control = list(threshold = 1e-12, tol = 1e-12, maxiter = 10000))
      pr <- predict(f)
      out <- c(out, list(fields(
        dataset = name, method = sprintf("metafor %s %s on %s", method, test, src), term = "B-A", estimate = f$beta[1],
        se = f$se, df = if (test == "knha") f$k - 1, ci_lo = f$ci.lb, ci_hi = f$ci.ub, stat = f$zval, p = f$pval,
        n = f$k, tau2 = f$tau2, i2_percent = f$I2, h2 = f$H2, q = f$QE, q_df = f$k - 1, q_p = f$QEp,
        pi_lo = pr$pi.lb, pi_hi = pr$pi.ub, rtol = if (method == "REML") 1e-4 else 1e-5, rtol_p = 1e-2)))
    }
  }
  t <- t.test(g("cycle_estimate"))
  c(out, list(fields(dataset = name, method = "t on person means of cycle differences", term = "B-A",
                     estimate = t$estimate, se = t$stderr, df = t$parameter, ci_lo = t$conf.int[1], ci_hi = t$conf.int[2],
                     stat = t$statistic, p = t$p.value, n = length(s$persons), rtol = 1e-8)))
}

# ------------------------------------------------------------------ sample size (Senn 2019)

# k cycles, effect delta, SD psi of the effect between persons, within-cycle SD sigma of one period mean.
senn_row <- function(k, delta = 1, psi = 1, sigma = 2, alpha = 0.05, power = 0.8) {
  vf <- 2 * sigma^2 / k; vr <- psi^2 + vf
  pf <- function(n) { df <- n * (k - 1); pt(qt(alpha / 2, df, lower.tail = FALSE), df, delta / sqrt(vf / n), lower.tail = FALSE) }
  nf <- 1; while (pf(nf) < power) nf <- nf + 1
  nx <- power.t.test(type = "one.sample", sig.level = alpha, power = power, sd = sqrt(vr), delta = delta)$n
  nr <- ceiling(nx)
  fields(k = k, v_fixed = vf, n_fixed = nf, cycles_fixed = nf * k, power_fixed = pf(nf), v_random = vr, n_random = nr,
         n_random_exact = nx, cycles_random = nr * k,
         power_random = power.t.test(type = "one.sample", sig.level = alpha, n = nr, sd = sqrt(vr), delta = delta)$power,
         se_naive = sqrt(vf), se_shrunk = sqrt(2 * sigma^2 * psi^2 / (k * psi^2 + 2 * sigma^2)))
}

# ------------------------------------------------------------------ ABAB phases with random change points

# Every choice of three change points that leaves each phase at least `least` scores.
phase_test <- function(y, lengths, least) {
  n <- length(y)
  stat <- function(b) {
    m <- c(mean(y[1:b[1]]), mean(y[(b[1] + 1):b[2]]), mean(y[(b[2] + 1):b[3]]), mean(y[(b[3] + 1):n]))
    (m[1] + m[3]) / 2 - (m[2] + m[4]) / 2
  }
  cuts <- combn(n - 1, 3)
  keep <- apply(cuts, 2, function(b) min(diff(c(0, b, n))) >= least)
  t <- apply(cuts[, keep, drop = FALSE], 2, stat)
  o <- stat(cumsum(lengths)[1:3])
  fields(least_phase_length = least, statistic = "mean of the A phase means - mean of the B phase means", observed = o,
         assignments = length(t), at_least_observed = sum(t >= o - 1e-9), p_greater = mean(t >= o - 1e-9),
         p_two_sided = mean(abs(t) >= abs(o) - 1e-9))
}

# ------------------------------------------------------------------ run

main <- function(folder) {
  rows <- c(single_person("c_irls_daily", read_set(folder, "c_irls_daily"), half_lives = c(2, 4)),
            single_person("c_irls_weekly", read_set(folder, "c_irls_weekly"), time_unit = "week"),
            single_person("e_gauss_clean", read_set(folder, "e_gauss_clean")))
  d <- read_set(folder, "d_series40")
  s <- stage1(d)
  rows <- c(rows, mixed_rows("d_series40", d), meta_rows("d_series40", s))

  invented <- c(7, 5, 6, 8, 4, 5, 4, 6, 5, 3, 4, 6, 6, 7, 5, 4, 7, 5, 5, 4, 2, 6, 5, 3)
  onghena <- function(least, over) list(
    least_phase_length = least, scores = 24, phase_lengths = I(c(6, 6, 6, 6)),
    statistic = "mean of the A phase means - mean of the B phase means", observed = 2,
    assignments = choose(24 - 4 * least + 3, 3), at_least_observed = over,
    p_greater = over / choose(24 - 4 * least + 3, 3), p_two_sided = over / choose(24 - 4 * least + 3, 3))
  version <- function(p) as.character(packageVersion(p))
  out <- list(
    about = list(
      direction = "every effect is B - A; negative = improvement",
      software = list(R = paste(R.version$major, R.version$minor, sep = "."), nlme = version("nlme"), lme4 = version("lme4"),
                      lmerTest = version("lmerTest"), pbkrtest = version("pbkrtest"), metafor = version("metafor")),
      agreement = paste("|value - reference| <= rtol * |reference|; estimate and interval ends: rtol * max(|reference|, se);",
                        "rtol_<field> and atol_<field> replace rtol for that field")),
    rows = rows,
    d_series40_stage1 = s,
    senn2019_sample_size = list(
      inputs = list(delta = 1, psi = 1, sigma = 2, alpha = 0.05, power = 0.8, sided = 2),
      rtol = 1e-8, rtol_n_random_exact = 1e-4, rows = lapply(2:15, senn_row)),
    onghena1992_abab = list(
      source = "cran/SCRT 1.3.1, data/ABAB.rda and pvalue.systematic; scores not stored here", rtol = 1e-8,
      rows = list(onghena(4, 4), onghena(3, 6))),
    invented_abab = list(
      scores = I(invented), phase_lengths = I(c(6, 6, 6, 6)), rtol = 1e-8,
      rows = lapply(c(4, 3), function(l) phase_test(invented, c(6, 6, 6, 6), l))))
  write_json(out, file.path(folder, "expected.json"), digits = I(12), auto_unbox = TRUE, pretty = TRUE)
  cat(length(rows), "rows written\n")
}

if (sys.nframe() == 0) {
  a <- commandArgs(trailingOnly = TRUE)
  me <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  main(if (length(a)) a[1] else dirname(normalizePath(me)))
}
