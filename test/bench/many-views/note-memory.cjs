// Loaded into the measured process: what the operating system says of its memory is only known at its end.
const { writeFileSync } = require('node:fs')

process.on('exit', () => {
  writeFileSync(process.env.DURO_BENCH_NOTE, String(process.resourceUsage().maxRSS))
})
