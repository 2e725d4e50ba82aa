"""What leaves a trial: one de-identified contribution, and who could be recognised by it.

`from_trial` takes a trial folder, `from_scores` any scores with arms; both give a `contribution` in
`forms` that have no room for more, its likelihood as `shared_likelihood` or coarser (`coarsening`).
`files` reads many back, `possible` refuses what no trial gives, `privacy` says who stands out.

`coarsening`         a coarser likelihood of a person's effects: six numbers for each effect
`contribution`       what one person gives: a likelihood, coarse facts, little else
`files`              contributions in files: one as JSON, many as JSON lines or Parquet
`forms`              the forms of what is shared: no room for a date, a sentence or an exact age
`from_scores`        from a person's scores with arms to a contribution
`from_trial`         a trial's contribution, made from its folder, written and logged
`possible`           what no trial can give: numbers of a contribution that its own scale rules out
`privacy`            how well persons hide among each other, and where they do not
`shared_likelihood`  the likelihood of a person's effects as a file has it
`suppression`        leaving out as few facts as possible, until every person hides among k alike
`unicity`            how few numbers of a series tell it apart from all others
"""
