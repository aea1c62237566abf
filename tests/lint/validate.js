// Checks a JSON document on standard input against the JSON schema (draft 4) in a file; prints what is wrong.
// Usage: node validate.js PACKAGES SCHEMA < document     PACKAGES: a node_modules folder with ajv
const fs = require('fs')
const path = require('path')
const [packages, schema] = process.argv.slice(2)
const Ajv = require(path.join(packages, 'ajv'))
const ajv = new Ajv({ schemaId: 'auto', allErrors: true, logger: false })
ajv.addMetaSchema(require(path.join(packages, 'ajv', 'lib', 'refs', 'json-schema-draft-04.json')))
const validate = ajv.compile(JSON.parse(fs.readFileSync(schema, 'utf8')))
if (!validate(JSON.parse(fs.readFileSync(0, 'utf8')))) {
  for (const error of validate.errors) console.log(`${error.dataPath || '/'} ${error.message}`)
  process.exit(1)
}
