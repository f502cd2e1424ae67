// The page of all documents.

import "./documents.js"
import "./documents-keys.js"
import "./seen-by.js"
