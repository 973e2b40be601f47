// Loaded into the measured process: what it used is only known at its end. KiB of memory, µs of processors.
const { writeFileSync } = require('node:fs')

process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  writeFileSync(process.env.DURO_BENCH_NOTE, `${maxRSS} ${userCPUTime + systemCPUTime}`)
})
